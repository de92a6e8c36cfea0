import type { ConditionClaim } from "../api/conditions.ts";
import { MAX_CONDITION_MESSAGE } from "../api/conditions.ts";
import { type ConditionReason, isCompletenessReason, type StallReason } from "../api/reasons.ts";
import { safeText } from "../api/safe-text.ts";
import { isWhole } from "../report/assemble.ts";
import type { ScanRecord } from "../report/record.ts";
import { summarize } from "../report/summary.ts";
import { describeFailures, describeSummary } from "./describe.ts";
import { type DoubtInput, doubtOf, RECORD_LOST, verdictDoubtOf } from "./doubt.ts";

/** What the conditions of a scan follow from. */
export interface ClaimInput extends DoubtInput {
  readonly generation: number;
  readonly suspended: boolean;
  /** Why no scan can run until somebody changes something. */
  readonly stalled: { readonly reason: StallReason; readonly message: string } | undefined;
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
  const claim = (
    status: ConditionClaim["status"],
    reason: ConditionReason,
    message: string,
  ): ConditionClaim => ({
    type: "Compliant",
    status,
    reason,
    message,
  });
  const { record } = input;
  const doubt = verdictDoubtOf(input);
  if (typeof record !== "object") {
    return input.violationsBefore && record === "missing"
      ? claim("False", "ViolationsFound", RECORD_LOST)
      : claim("Unknown", doubt?.reason ?? "NotScanned", doubt?.message ?? "");
  }
  const { violations, resources, exempt } = summarize(record);
  if (violations > 0)
    return claim("False", "ViolationsFound", `${violations} of ${resources} resources violate their rule.`);
  if (doubt !== undefined) return claim("Unknown", doubt.reason, doubt.message);
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
  const doubt = doubtOf(input);
  if (typeof record === "object" && !isWhole(record)) {
    return { type, status: "False", reason: lackOf(record), message: describeFailures(record) };
  }
  if (doubt !== undefined) return { type, status: "Unknown", ...doubt };
  return {
    type,
    status: "True",
    reason: "EverythingRead",
    message: "Every account and region in scope was read.",
  };
}

/** Why a record is not whole, in a word. */
function lackOf({ failures }: ScanRecord): ConditionReason {
  const [reason, ...others] = new Set(failures.map((failure) => failure.reason));
  if (reason === undefined) return "UnrecognizedAnswer";
  if (others.length > 0) return "SeveralFailures";
  return isCompletenessReason(reason) ? reason : "OtherFailure";
}
