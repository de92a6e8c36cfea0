/** What the cluster holds of the Reports API, as any reader of it sees it. */
import type { KubeObject } from "../../src/kube/client.ts";
import type { ReportBody, ReportResult } from "../../src/openreports/types.ts";
import { openReportsCrds } from "../../tools/openreports/crds.ts";
import { getJson, kubectl } from "./cluster.ts";
import { applyCrds } from "./cluster-crds.ts";

export interface StoredReport extends KubeObject, ReportBody {
  readonly metadata: KubeObject["metadata"] & { readonly ownerReferences: readonly object[] };
}

/** Installs the API; resolves when it is served. */
export async function installReportsApi(kubeconfig: string): Promise<void> {
  await applyCrds({ adminKubeconfigPath: kubeconfig }, await openReportsCrds());
}

/** Takes the API away, and every report with it; nothing where there is none. */
export async function removeReportsApi(kubeconfig: string): Promise<void> {
  const crds = ["reports.openreports.io", "clusterreports.openreports.io"];
  await kubectl(["delete", "crd", "--ignore-not-found", ...crds], { kubeconfig });
}

/** The reports of one scan, by the label that they carry. */
export async function reportsOfScan(
  scan: string,
  at: { readonly namespace: string; readonly kubeconfig: string },
): Promise<StoredReport[]> {
  const what = ["reports.openreports.io", `--selector=awsaccountscan.dev/scan=${scan}`];
  return (await getJson<{ items: StoredReport[] }>(what, at)).items;
}

export function resultsIn(reports: readonly StoredReport[]): ReportResult[] {
  return reports.flatMap(({ results }) => results);
}

/** Names with the versions that the API server gave: equal where nothing was written. */
export function versionsOf(objects: readonly KubeObject[]): Record<string, string | undefined> {
  return Object.fromEntries(objects.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
}
