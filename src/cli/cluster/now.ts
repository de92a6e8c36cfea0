import type { AwsAccountScan } from "../../api/generated/awsaccountscan.ts";
import { API_VERSION, REQUESTED_AT, SCAN } from "../../api/names.ts";
import type { NowOptions } from "../../config/cluster-options.ts";
import { describeSummary } from "../../controller/describe.ts";
import { write } from "../output.ts";
import { EXIT } from "../program.ts";
import { UsageError } from "../usage-error.ts";
import { type Cluster, getScan, keyOf, withCluster } from "./cluster.ts";

/** Looks at the status this often (ms): a scan takes seconds at least. */
const LOOK_MS = 500;

/** `kubectl awsscan now NAME`: asks the operator for a scan now, and waits until it has ended. */
export async function nowCommand(name: string, options: NowOptions): Promise<void> {
  await withCluster(options, async (cluster) => {
    const scan = await getScan(cluster, name);
    if (scan.spec.suspend === true) {
      throw new UsageError(
        `error: ${keyOf(scan)} is suspended; set spec.suspend to false first, which scans at once.`,
      );
    }
    const request = new Date().toISOString();
    await ask(cluster, scan, request);
    if (!options.wait) return write([`${keyOf(scan)}: a scan is asked for.\n`]);
    const done = await answered(cluster, name, request, AbortSignal.timeout(options.timeout));
    if (done === undefined) {
      throw new UsageError(
        `error: the scan that ${keyOf(scan)} was asked for has not ended in time. Does the operator run? kubectl describe aas tells its state.`,
      );
    }
    await tell(done);
  });
}

async function ask({ client }: Cluster, { metadata }: AwsAccountScan, request: string): Promise<void> {
  const { namespace, name, uid } = metadata;
  // With the UID, so that a scan that was deleted meanwhile is not made anew.
  const body = {
    apiVersion: API_VERSION,
    kind: SCAN.kind,
    metadata: { namespace, name, uid, annotations: { [REQUESTED_AT]: request } },
  };
  await client.apply(SCAN, { namespace, name }, body, { fieldManager: "awsscan-now", force: true });
}

async function answered(
  cluster: Cluster,
  name: string,
  request: string,
  deadline: AbortSignal,
): Promise<AwsAccountScan | undefined> {
  while (!deadline.aborted) {
    const scan = await getScan(cluster, name);
    const { lastHandledReconcileAt, currentScan } = scan.status ?? {};
    if (lastHandledReconcileAt === request && currentScan === undefined) return scan;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return undefined;
}

async function tell(scan: AwsAccountScan): Promise<void> {
  const { summary, lastScan, conditions = [] } = scan.status ?? {};
  const complete = conditions.find(({ type }) => type === "Complete");
  const lines = [
    `${keyOf(scan)}: ${lastScan?.outcome ?? "no result"}. ${summary === undefined ? "" : describeSummary(summary)}`,
    ...(complete?.status === "False" ? [complete.message] : []),
  ];
  await write(lines.map((line) => `${line}\n`));
  if ((summary?.violations ?? 0) > 0) process.exitCode = EXIT.violations;
  else if (lastScan?.outcome !== "Complete") process.exitCode = EXIT.incomplete;
}
