import type { ConditionClaim } from "../api/conditions.ts";
import { MAX_CONDITION_MESSAGE } from "../api/conditions.ts";
import { safeText } from "../api/safe-text.ts";
import { isWhole } from "../report/assemble.ts";
import type { ScanRecord } from "../report/record.ts";
import { summarize } from "../report/summary.ts";
import { describeFailures, describeSummary } from "./describe.ts";

/** What the conditions of a scan follow from. */
export interface ClaimInput {
  readonly generation: number;
  readonly scopeDigest: string;
  readonly suspended: boolean;
  /** Why no scan can run until somebody changes something. */
  readonly stalled: { readonly reason: string; readonly message: string } | undefined;
  /** `missing`: a scan has run, and its record cannot be read. */
  readonly record: ScanRecord | "none" | "missing";
  /** Why the outcome of the last scan could not be written to the cluster; `record` is the one before. */
  readonly unwritten: string | undefined;
  /** Whether the next scan should have ended long ago. */
  readonly stale: boolean;
  /** Whether an exemption has ended since the last scan began. */
  readonly exemptionExpired: boolean;
  /** Whether the last status claimed violations, for where the record is missing. */
  readonly violationsBefore: boolean;
}

/**
 * The conditions of a scan, in the order in which people read them. They keep kstatus's rules: Reconciling and
 * Stalled are there only when True and never both, and neither stands beside Ready=True.
 */
export function claimsOf(input: ClaimInput): ConditionClaim[] {
  const [ready, ...abnormal] = readiness(input);
  return [ready, ...abnormal, compliance(input), completeness(input)].map((claim) => ({
    ...claim,
    message: safeText(claim.message, MAX_CONDITION_MESSAGE),
  }));
}

function readiness(input: ClaimInput): [ConditionClaim, ...ConditionClaim[]] {
  const { stalled, suspended, record, generation } = input;
  if (stalled !== undefined) {
    const { reason, message } = stalled;
    return [
      { type: "Ready", status: "False", reason, message },
      { type: "Stalled", status: "True", reason, message },
    ];
  }
  if (suspended) return [suspendedClaim(record)];
  if (input.unwritten !== undefined) {
    const message = `The outcome of a scan could not be written, trying again: ${input.unwritten}`;
    return [
      { type: "Ready", status: "False", reason: "ReportNotWritten", message },
      { type: "Reconciling", status: "True", reason: "ProgressingWithRetry", message },
    ];
  }
  if (record === "none" || record === "missing" || record.scan.generation !== generation) {
    const reason = record === "missing" ? "RecordLost" : "Progressing";
    const message = record === "missing" ? RECORD_LOST : `Generation ${generation} is being scanned.`;
    return [
      { type: "Ready", status: "Unknown", reason, message },
      { type: "Reconciling", status: "True", reason, message },
    ];
  }
  if (record.scan.outcome === "Failed") {
    const message = `Nothing could be scanned. ${describeFailures(record)}`;
    return [
      { type: "Ready", status: "False", reason: "ScanFailed", message },
      { type: "Reconciling", status: "True", reason: "ProgressingWithRetry", message },
    ];
  }
  return [
    { type: "Ready", status: "True", reason: "Succeeded", message: describeSummary(summarize(record)) },
  ];
}

const RECORD_LOST = "The record of the last scan is missing or damaged; a new scan replaces it.";

function suspendedClaim(record: ClaimInput["record"]): ConditionClaim {
  const type = "Ready";
  const reason = "Suspended";
  if (record === "none" || record === "missing") {
    return { type, status: "Unknown", reason, message: "spec.suspend is true, and there is no result yet." };
  }
  const { outcome, completionTime } = record.scan;
  const message = `spec.suspend is true; the result is of ${completionTime}.`;
  return { type, status: outcome === "Failed" ? "False" : "True", reason, message };
}

function compliance(input: ClaimInput): ConditionClaim {
  const claim = (status: ConditionClaim["status"], reason: string, message: string): ConditionClaim => ({
    type: "Compliant",
    status,
    reason,
    message,
  });
  const { record } = input;
  if (record === "none") return claim("Unknown", "NotScanned", "No scan has ended yet.");
  if (record === "missing") {
    return input.violationsBefore
      ? claim("False", "ViolationsFound", RECORD_LOST)
      : claim("Unknown", "RecordLost", RECORD_LOST);
  }
  const { violations, resources, exempt } = summarize(record);
  if (violations > 0)
    return claim("False", "ViolationsFound", `${violations} of ${resources} resources violate their rule.`);
  const doubt = doubtOf(input, record);
  if (doubt !== undefined) return claim("Unknown", doubt.reason, doubt.message);
  if (input.exemptionExpired && exempt > 0) {
    return claim("Unknown", "ExemptionExpired", "An exemption has expired since the last scan.");
  }
  if (!isWhole(record)) {
    return claim(
      "Unknown",
      "Incomplete",
      `No violation was seen, but not everything could be read. ${describeFailures(record)}`,
    );
  }
  const exempted = exempt > 0 ? `, ${exempt} of them by exemption` : "";
  return claim("True", "NoViolations", `All ${resources} resources comply${exempted}.`);
}

function completeness(input: ClaimInput): ConditionClaim {
  const { record } = input;
  const type = "Complete";
  if (record === "none")
    return { type, status: "Unknown", reason: "NotScanned", message: "No scan has ended yet." };
  if (record === "missing") return { type, status: "Unknown", reason: "RecordLost", message: RECORD_LOST };
  if (!isWhole(record)) {
    const reasons = new Set(record.failures.map(({ reason }) => reason));
    const reason =
      reasons.size === 1
        ? ([...reasons][0] ?? "Unknown")
        : reasons.size === 0
          ? "UnrecognizedAnswer"
          : "SeveralFailures";
    return { type, status: "False", reason, message: describeFailures(record) };
  }
  const doubt = doubtOf(input, record);
  if (doubt !== undefined) return { type, status: "Unknown", ...doubt };
  return {
    type,
    status: "True",
    reason: "EverythingRead",
    message: "Every account and region in scope was read.",
  };
}

/** Why the record, however good it looks, says nothing of today. */
function doubtOf(input: ClaimInput, { scan }: ScanRecord): { reason: string; message: string } | undefined {
  if (input.unwritten !== undefined) {
    return {
      reason: "ReportNotWritten",
      message: "A later scan has ended, and its outcome could not be written.",
    };
  }
  if (scan.scopeDigest !== input.scopeDigest) {
    return { reason: "SpecChanged", message: "The spec has changed since the last scan." };
  }
  if (input.stale)
    return { reason: "Stale", message: `Nothing has been verified since ${scan.completionTime}.` };
  return undefined;
}
