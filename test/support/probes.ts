import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";

interface HttpProbe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly timeoutSeconds: number;
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

/** The probes of the operator's container, as `deploy/operator.yaml` has them. */
export interface Probes {
  readonly startupProbe: HttpProbe;
  readonly livenessProbe: HttpProbe;
  readonly readinessProbe: HttpProbe;
}

interface Workload {
  readonly kind: string;
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly Probes[] } } };
}

export async function deployedProbes(): Promise<Probes> {
  const yaml = await readFile(new URL("../../deploy/operator.yaml", import.meta.url), "utf8");
  const objects = parseAllDocuments(yaml, { merge: true }).map((document) => document.toJS() as Workload);
  const container = objects.find(({ kind }) => kind === "Deployment")?.spec.template.spec.containers[0];
  if (container === undefined) throw new Error("deploy/operator.yaml has no container");
  return container;
}

/** Probes as the kubelet does: a status from 200 to 399 within the timeout is a success, anything else a failure. */
export async function probe(healthUrl: string, { httpGet, timeoutSeconds }: HttpProbe): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(timeoutSeconds * 1_000);
    const { status } = await fetch(`${healthUrl}${httpGet.path}`, { signal });
    return status >= 200 && status < 400;
  } catch {
    return false;
  }
}
