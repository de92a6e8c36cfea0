import type { DoubtReason } from "../api/reasons.ts";
import type { ScanRecord } from "../report/record.ts";
import { summarize } from "../report/summary.ts";

/** What tells whether the last record says anything of today. */
export interface DoubtInput {
  /** Of the spec as it is now. */
  readonly scopeDigest: string;
  /** `missing`: a scan has run, and its record cannot be read. */
  readonly record: ScanRecord | "none" | "missing";
  /** Why the outcome of the last scan could not be written to the cluster; `record` is the one before. */
  readonly unwritten: string | undefined;
  /** Whether the next scan should have ended long ago. */
  readonly stale: boolean;
  /** Whether an exemption has ended since the last scan began. */
  readonly exemptionExpired: boolean;
}

/** Why a record, however good it looks, is not to be believed today; as a condition's reason and message. */
export interface Doubt {
  readonly reason: DoubtReason;
  readonly message: string;
}

export const RECORD_LOST = "The record of the last scan is missing or damaged; a new scan replaces it.";

/** The doubt about everything that the record says; undefined where it is of today. */
export function doubtOf({ record, scopeDigest, unwritten, stale }: DoubtInput): Doubt | undefined {
  if (record === "none") return { reason: "NotScanned", message: "No scan has ended yet." };
  if (record === "missing") return { reason: "RecordLost", message: RECORD_LOST };
  if (unwritten !== undefined) {
    return {
      reason: "ReportNotWritten",
      message: "A later scan has ended, and its outcome could not be written.",
    };
  }
  if (record.scan.scopeDigest !== scopeDigest) {
    return { reason: "SpecChanged", message: "The spec has changed since the last scan." };
  }
  if (stale) {
    return { reason: "Stale", message: `Nothing has been verified since ${record.scan.completionTime}.` };
  }
  return undefined;
}

/** As {@link doubtOf}, or the doubt about its verdicts alone: what was exempt may be so no more. */
export function verdictDoubtOf(input: DoubtInput): Doubt | undefined {
  const { record, exemptionExpired } = input;
  const doubt = doubtOf(input);
  if (doubt !== undefined || typeof record !== "object") return doubt;
  return exemptionExpired && summarize(record).exempt > 0
    ? { reason: "ExemptionExpired", message: "An exemption has expired since the last scan." }
    : undefined;
}
