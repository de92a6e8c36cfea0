import type { ConditionClaim } from "../api/conditions.ts";
import { MAX_CONDITION_MESSAGE } from "../api/conditions.ts";
import { safeText } from "../api/safe-text.ts";
import { isCovered } from "../report/assemble.ts";
import type { FailureCount, ScanRecord } from "../report/record.ts";
import { type Summary, summarize } from "../report/summary.ts";

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
  const { violations, unknown, resources, exempt } = summarize(record);
  if (violations > 0)
    return claim("False", "ViolationsFound", `${violations} of ${resources} resources violate their rule.`);
  if (record.scan.scopeDigest !== input.scopeDigest) {
    return claim("Unknown", "SpecChanged", "The spec has changed since the last scan.");
  }
  if (input.stale) {
    return claim("Unknown", "Stale", `Nothing has been verified since ${record.scan.completionTime}.`);
  }
  if (unknown > 0 || !record.coverage.every(isCovered)) {
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
  const holes = record.coverage.filter((row) => !isCovered(row));
  const { unknown } = summarize(record);
  if (holes.length > 0 || unknown > 0) {
    const reasons = new Set(record.failures.map(({ reason }) => reason));
    const reason =
      reasons.size === 1
        ? ([...reasons][0] ?? "Unknown")
        : reasons.size === 0
          ? "UnrecognizedAnswer"
          : "SeveralFailures";
    return { type, status: "False", reason, message: describeFailures(record) };
  }
  if (record.scan.scopeDigest !== input.scopeDigest) {
    return {
      type,
      status: "Unknown",
      reason: "SpecChanged",
      message: "The spec has changed since the last scan.",
    };
  }
  return {
    type,
    status: "True",
    reason: "EverythingRead",
    message: "Every account and region in scope was read.",
  };
}

function describeSummary({ accounts, regions, resources, violations, unknown }: Summary): string {
  const unread = unknown > 0 ? `, ${unknown} not judged` : "";
  return `Scanned ${accounts} account(s) in ${regions} region(s): ${resources} resource(s), ${violations} violation(s)${unread}.`;
}

/** The failures in a sentence each, those of whole accounts first, and as many as fit. */
function describeFailures({ failures, coverage, cells }: ScanRecord): string {
  const unknown = cells.reduce((sum, cell) => sum + cell.unknown, 0);
  const holes = coverage.filter((row) => !isCovered(row)).length;
  const counts = `${holes} of ${coverage.length} account-regions not read, ${unknown} resource(s) not judged.`;
  const told = [...failures].sort((a, b) => Number(a.region !== "") - Number(b.region !== "")).slice(0, 5);
  const more =
    failures.length > told.length ? `; and ${failures.length - told.length} more in status.failures` : "";
  return `${counts} ${told.map(describeFailure).join("; ")}${more}`;
}

function describeFailure({ account, region, operation, reason, message }: FailureCount): string {
  const place = [account, region].filter(Boolean).join(" ");
  return `${place === "" ? "" : `${place}: `}${reason} (${operation}): ${safeText(message, 200)}`;
}
