import pLimit from "p-limit";
import { abortable } from "../async/abortable.ts";
import { scanAccount } from "./account.ts";
import type { ScanSink } from "./events.ts";
import { cutOffFailure, failureOf } from "./failure.ts";
import type { ScanContext, ScanMeans, ScanRequest } from "./request.ts";
import { resolveTargets } from "./targets.ts";

/**
 * Accounts and regions of one scan under way at once. The bounds on requests are AWS's caller's: these only bound
 * memory (a region under way holds a client and what was listed ahead), and leave enough of them for places that
 * hang to hold up none of the others.
 */
const ACCOUNTS_AT_ONCE = 64;
const REGIONS_AT_ONCE = 160;

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
    await abortable(means.base.credentials(means.span), signal);
  } catch (error) {
    const failure = signal.aborted
      ? cutOffFailure(signal, "GetCredentials", "")
      : failureOf(error, "GetCredentials", "");
    return sink({ kind: "failure", failure });
  }
  const context: ScanContext = { ...means, request, limitRegions: pLimit(REGIONS_AT_ONCE), sink, signal };
  const targets = await resolveTargets(context);
  const limitAccounts = pLimit(ACCOUNTS_AT_ONCE);
  await Promise.all(targets.map((target) => limitAccounts(() => scanAccount(context, target))));
}
