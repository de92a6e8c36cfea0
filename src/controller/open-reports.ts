import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { API_VERSION, MANAGER, SCAN, SCAN_LABEL } from "../api/names.ts";
import { isNotFound, type KubeClient, type KubeObject } from "../kube/client.ts";
import { CarriedResults } from "../openreports/carried.ts";
import { type DesiredReport, reportsOf } from "../openreports/report.ts";
import { OPEN_REPORT, type ReportBody } from "../openreports/types.ts";
import type { ScanRecord } from "../report/record.ts";
import { digestOf } from "../report/shards.ts";
import { selectRules } from "../rules/registry.ts";
import { hashedName, ownedBy, scanLabelValue } from "./object-names.ts";

/** A Report as it may come back: whoever may write to the namespace may have changed it. */
interface StoredReport extends KubeObject, Partial<ReportBody> {
  readonly metadata: KubeObject["metadata"] & {
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
}

/** What one export came to. */
export type Exported =
  | { readonly kind: "done"; readonly written: number; readonly deleted: number }
  /** The cluster has no such API. */
  | { readonly kind: "not-served" };

const MANAGED_BY = "app.kubernetes.io/managed-by";

/** A report may have half a megabyte. */
const PAGE = 20;

/**
 * Makes the Reports of `scan` those that its `record` asks for, and writes nothing where they are so already: what is
 * there is read each time, so that neither a restart nor a hand's edit needs to be remembered. Rejects with a KubeError.
 */
export async function exportReports(
  client: KubeClient,
  scan: AwsAccountScan,
  record: ScanRecord,
): Promise<Exported> {
  const { namespace } = scan.metadata;
  const carried = new CarriedResults();
  const present = new Map<string, { readonly uid: string | undefined; readonly digest: string }>();
  try {
    for await (const report of stored(client, scan)) {
      carried.add(report.results ?? []);
      const { name, uid } = report.metadata;
      present.set(name, { uid, digest: digestOf(comparable(report)) });
    }
  } catch (error) {
    if (isNotFound(error)) return { kind: "not-served" };
    throw error;
  }
  const desired = reportsOf(record, reportedScan(scan), carried).map((report) => objectOf(scan, report));
  const names = new Set(desired.map(({ metadata }) => metadata.name));
  // Stale ones first: a reader that met one result in two reports would lose it with the older one.
  let deleted = 0;
  for (const [name, { uid }] of present)
    if (!names.has(name) && (await client.delete(OPEN_REPORT, { namespace, name, uid }))) deleted += 1;
  const changed = desired.filter(
    (report) => present.get(report.metadata.name)?.digest !== digestOf(comparable(report)),
  );
  for (const report of changed) {
    const { name } = report.metadata;
    await client.apply(OPEN_REPORT, { namespace, name }, report, { fieldManager: MANAGER, force: true });
  }
  return { kind: "done", written: changed.length, deleted };
}

/** The scan's own reports in the cluster. Those of an earlier scan of its name are the garbage collector's. */
async function* stored(client: KubeClient, scan: AwsAccountScan): AsyncGenerator<StoredReport> {
  const { namespace, name, uid } = scan.metadata;
  const labelSelector = `${SCAN_LABEL}=${scanLabelValue(name)},${MANAGED_BY}=${MANAGER}`;
  let continueToken: string | undefined;
  do {
    const options = { namespace, labelSelector, limit: PAGE, continueToken };
    const page = await client.list<StoredReport>(OPEN_REPORT, options);
    for (const report of page.items)
      if (report.metadata.ownerReferences?.some((owner) => owner.uid === uid)) yield report;
    continueToken = page.metadata.continue || undefined;
  } while (continueToken !== undefined);
}

function reportedScan({ spec, metadata }: AwsAccountScan) {
  const { namespace, name, uid } = metadata;
  return {
    scope: { apiVersion: API_VERSION, kind: SCAN.kind, namespace, name, uid },
    rules: selectRules(spec.rules?.include).rules.map(({ id }) => id),
    includesPasses: spec.reports?.include === "All",
  };
}

function objectOf(scan: AwsAccountScan, { part, body }: DesiredReport) {
  const { namespace, name } = scan.metadata;
  return {
    apiVersion: `${OPEN_REPORT.group}/${OPEN_REPORT.version}`,
    kind: OPEN_REPORT.kind,
    metadata: {
      name: part === "" ? hashedName(scan) : `${hashedName(scan)}-${part}`,
      namespace,
      labels: { [SCAN_LABEL]: scanLabelValue(name), [MANAGED_BY]: MANAGER },
      ownerReferences: [ownedBy(scan)],
    },
    ...body,
  };
}

/** All of a report that is ours to say; others may add labels and annotations. */
function comparable({ source, scope, configuration, summary, results }: Partial<ReportBody>): object {
  return { source, scope, configuration, summary, results };
}
