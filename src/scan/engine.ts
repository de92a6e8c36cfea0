import pLimit from "p-limit";
import { scanAccount } from "./account.ts";
import type { ScanSink } from "./events.ts";
import { deadlineFailure, failureOf } from "./failure.ts";
import type { ScanContext, ScanMeans, ScanRequest } from "./request.ts";
import { resolveTargets } from "./targets.ts";

/** Accounts and regions of one scan under way at once: enough to hide latency, few enough to be fair to others. */
const ACCOUNTS_AT_ONCE = 10;
const REGIONS_AT_ONCE = 20;

/**
 * Scans every account and region of `request` and tells `sink` what it finds, as it finds it. Resolves when all
 * is read or told as a failure; aborting `signal` makes the rest `timed-out` failures. Makes no call that changes
 * anything in AWS, and never rejects for what AWS answers.
 */
export async function runScan(
  request: ScanRequest,
  means: ScanMeans,
  sink: ScanSink,
  signal: AbortSignal,
): Promise<void> {
  try {
    // Asked once here, so that a hundred accounts do not each find out that the way in is shut.
    await means.base();
  } catch (error) {
    const failure = signal.aborted
      ? deadlineFailure("GetCredentials", "")
      : failureOf(error, "GetCredentials", "");
    return sink({ kind: "failure", failure });
  }
  const { rules, exemptions, startedAt } = request;
  const limitRegions = pLimit(REGIONS_AT_ONCE);
  const limitDescribes = pLimit(means.concurrentDescribes);
  const context: ScanContext = {
    ...means,
    rules,
    exemptions,
    startedAt,
    request,
    limitDescribes,
    limitRegions,
    sink,
    signal,
  };
  const targets = await resolveTargets(context);
  const limitAccounts = pLimit(ACCOUNTS_AT_ONCE);
  await Promise.all(targets.map((target) => limitAccounts(() => scanAccount(context, target))));
}
