/**
 * The AWS calls of warm scans and nothing else, as a process of its own: every account's lists, once a period, by the
 * operator's own clients and sessions. What the operator takes beyond this is its own. Takes a {@link CallsJob} as JSON; to
 * each line of stdin it answers with the number of scans' calls that it has made.
 */
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Aws } from "../../src/aws/aws.ts";
import { assumedRoleSession } from "../../src/aws/credentials.ts";
import { COLLECTORS } from "../../src/aws/inventory.ts";
import { Session } from "../../src/aws/session.ts";
import { growYoungGeneration, keepHeapSmall } from "../../src/cli/heap.ts";
import { DEFAULT_LIMITS } from "../../src/config/defaults.ts";

/** The only argument of the process. */
export interface CallsJob {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly accounts: readonly { readonly id: string; readonly roleArn: string }[];
  readonly region: string;
  readonly periodMs: number;
}

keepHeapSmall();
growYoungGeneration();
const { accessKeyId, secretAccessKey, accounts, region, periodMs } = JSON.parse(
  process.argv[2] ?? "{}",
) as CallsJob;
const aws = new Aws({ userAgent: "bench", limits: DEFAULT_LIMITS, maxCacheBytes: 0 });
const base = new Session("bench", async () => ({ accessKeyId, secretAccessKey }));
let scans = 0;
createInterface({ input: process.stdin }).on("line", () => process.stdout.write(`${scans}\n`));
await Promise.all(accounts.map(callForever));

/** Evenly over the period, as scans come that have been there for a while. */
async function callForever({ id, roleArn }: CallsJob["accounts"][number], at: number): Promise<void> {
  const startedMs = performance.now() + (at * periodMs) / accounts.length;
  for (let round = 0; ; round++) {
    await sleep(Math.max(0, startedMs + round * periodMs - performance.now()));
    const session = assumedRoleSession({ aws, roleArn, region, base, sessionName: "bench" });
    const { signal } = new AbortController();
    const sagemaker = aws.endpoint("sagemaker", { account: id, region, session, signal });
    await Promise.all(COLLECTORS.map((collector) => Array.fromAsync(collector.list(sagemaker))));
    scans += 1;
  }
}
