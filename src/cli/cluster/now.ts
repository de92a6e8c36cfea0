import type { AwsAccountScan } from "../../api/generated/awsaccountscan.ts";
import { API_VERSION, REQUESTED_AT, SCAN } from "../../api/names.ts";
import type { NowOptions } from "../../config/cluster-options.ts";
import { write } from "../output.ts";
import { EXIT } from "../program.ts";
import { showProgress } from "../scan/progress-display.ts";
import { UsageError } from "../usage-error.ts";
import { answerOf } from "./answer.ts";
import { type Cluster, getScan, keyOf, withCluster } from "./cluster.ts";
import { outcomeOf } from "./outcome.ts";

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

/** The scan when it has ended; undefined where the time is over. @throws {UsageError} where it will not begin. */
async function answered(
  cluster: Cluster,
  name: string,
  request: string,
  deadline: AbortSignal,
): Promise<AwsAccountScan | undefined> {
  const since = Date.now();
  let state = "asked for";
  const line = (now: number, columns: number) =>
    `${name}: ${state} (${Math.round((now - since) / 1_000)}s)`.slice(0, Math.max(0, columns - 1));
  const hide = process.stderr.isTTY ? showProgress({ line }, process.stderr) : undefined;
  try {
    while (!deadline.aborted) {
      const scan = await getScan(cluster, name);
      const answer = answerOf(scan, request);
      if (answer.kind === "ended") return scan;
      if (answer.kind === "refused") throw new UsageError(`error: ${keyOf(scan)} ${answer.why}`);
      state = answer.state;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return undefined;
  } finally {
    hide?.();
  }
}

async function tell(scan: AwsAccountScan): Promise<void> {
  const { lastScan, summary } = scan.status ?? {};
  await write(outcomeOf(scan).map((line) => `${line}\n`));
  if ((summary?.violations ?? 0) > 0) process.exitCode = EXIT.violations;
  else if (lastScan?.outcome !== "Complete") process.exitCode = EXIT.incomplete;
}
