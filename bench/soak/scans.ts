/** The AwsAccountScans of a soak, spread over namespaces. */
import { kubectlOrThrow } from "../../tools/control-plane/kubectl.ts";
import { HOME } from "../support/fleet.ts";
import { ACCOUNT_IDS, roleArnOf } from "./fleet.ts";

const NAMESPACES = 10;
/** The API server takes some time over each. */
const AT_ONCE = 100;

/** The compressed minute after which a scan comes again. */
export const INTERVAL_MS = 60_000;

export function namespacesOf(prefix: string): string[] {
  return Array.from({ length: NAMESPACES }, (_, at) => `${prefix}-${at}`);
}

export async function createNamespaces(names: readonly string[], kubeconfig: string): Promise<void> {
  const items = names.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
  await apply(items, kubeconfig);
}

/** The scans `from` to `to`, the latter not included; each in the namespace of its number. */
export async function createScans(
  namespaces: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
  kubeconfig: string,
): Promise<void> {
  for (let start = from; start < to; start += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, to - start) }, (_, at) => start + at);
    await apply(
      numbers.map((number) => scanOf(namespaces, number)),
      kubeconfig,
    );
  }
}

export async function deleteScan(
  namespaces: readonly string[],
  number: number,
  kubeconfig: string,
): Promise<void> {
  const { name, namespace } = scanOf(namespaces, number).metadata;
  await kubectlOrThrow(["delete", "aas", name, "--wait=false"], { kubeconfig, namespace });
}

function scanOf(namespaces: readonly string[], number: number) {
  const account = ACCOUNT_IDS[number % ACCOUNT_IDS.length] ?? "";
  // By another number than the account, so that each account is scanned from several namespaces.
  const namespace = namespaces[Math.floor(number / ACCOUNT_IDS.length) % namespaces.length] ?? "";
  return {
    apiVersion: "awsaccountscan.dev/v1alpha1",
    kind: "AwsAccountScan",
    metadata: { name: `soak-${number}`, namespace },
    spec: {
      interval: `${INTERVAL_MS / 1_000}s`,
      accounts: [{ id: account, roleArn: roleArnOf(account) }],
      regions: { include: [HOME] },
    },
  };
}

async function apply(items: readonly object[], kubeconfig: string): Promise<void> {
  const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await kubectlOrThrow(["create", "--filename=-"], { kubeconfig, input });
}
