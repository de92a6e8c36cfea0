import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import { applyYaml, eventually, getJson, kubectl } from "./cluster.ts";

/** A scan's spec as JSON, applied by kubectl like any manifest. */
export interface ScanManifest {
  readonly name: string;
  readonly spec?: object;
}

/** What tests do to the scans of one namespace, through kubectl alone. */
export function scansIn(namespace: string, kubeconfig?: () => string) {
  const options = () => ({ namespace, ...(kubeconfig && { kubeconfig: kubeconfig() }) });
  const get = (name: string) => getJson<AwsAccountScan>(["aas", name], options());
  return {
    get,

    async apply({ name, spec = {} }: ScanManifest): Promise<void> {
      const manifest = {
        apiVersion: "awsaccountscan.dev/v1alpha1",
        kind: "AwsAccountScan",
        metadata: { name },
        spec,
      };
      await applyYaml(JSON.stringify(manifest), options());
    },

    async delete(name: string): Promise<void> {
      await kubectl(["delete", "aas", name, "--wait=false"], options());
    },

    /** Asks for a scan now; resolves to the token that `lastHandledReconcileAt` will echo. */
    async request(name: string): Promise<string> {
      const token = `${Date.now()}-${Math.random()}`;
      await kubectl(
        ["annotate", "aas", name, `awsaccountscan.dev/requestedAt=${token}`, "--overwrite"],
        options(),
      );
      return token;
    },

    /** The scan once `accept` stops throwing on it. */
    until(name: string, describe: string, accept: (scan: AwsAccountScan) => void, timeoutMs = 60_000) {
      return eventually(
        async () => {
          const scan = await get(name);
          accept(scan);
          return scan;
        },
        { describe: `${name}: ${describe}`, timeoutMs },
      );
    },
  };
}

/** The condition of a type; throws where there is none. */
export function condition(scan: AwsAccountScan, type: string) {
  const found = scan.status?.conditions?.find((candidate) => candidate.type === type);
  if (found === undefined)
    throw new Error(`no condition ${type} in ${JSON.stringify(scan.status?.conditions)}`);
  return found;
}

/** Whether the spec as it is now has been scanned to the end. */
export function settled(scan: AwsAccountScan): void {
  const { status, metadata } = scan;
  if (status?.observedGeneration !== metadata.generation || status?.lastScan === undefined) {
    throw new Error(`not scanned yet: ${JSON.stringify(status)}`);
  }
  if (status.currentScan !== undefined) throw new Error("a scan is running");
}
