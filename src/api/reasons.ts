/**
 * Every reason that a condition can have, in one place: stable words, which people match in scripts and alerts.
 * docs/troubleshooting.md tells of each what to do; a test holds the two equal.
 */

/** Why a spec cannot be run, which shows before any scan. */
const SPEC_STALLS = ["UnknownRule", "InvalidSchedule"] as const;

/** Why a scan may not have the credentials that it asks for. It counts as a failed one. */
const CREDENTIAL_STALLS = [
  "OperatorIdentityNotAllowed",
  "NoOperatorIdentity",
  "ServiceAccountNotFound",
  "ServiceAccountForbidden",
  "ServiceAccountNotOptedIn",
  "RoleAnnotationMissing",
  "RoleNotAllowed",
] as const;

/** Why something could not be read: in `status.failures`, and of `Complete` where it is the only one. */
const FAILURE_REASONS = [
  "AccessDenied",
  "DeniedByServiceControlPolicy",
  "Throttled",
  "TimedOut",
  "Unreachable",
  "RegionNotEnabled",
  "Unsupported",
  "ServiceError",
  "AccountMismatch",
  "NoAccounts",
  "NoMatchingRegion",
  "Stopped",
  "CredentialsFailed",
] as const;

/** Why the last result is not to be believed today: of `Complete` and `Compliant` where they are Unknown. */
const DOUBT_REASONS = [
  "NotScanned",
  "RecordLost",
  "ReportNotWritten",
  "SpecChanged",
  "Stale",
  "ExemptionExpired",
] as const;

/** What else each condition can say. */
const OUTCOME_REASONS = {
  Ready: ["Succeeded", "Progressing", "RecordLost", "ScanFailed", "ReportNotWritten", "Suspended"],
  Reconciling: ["Progressing", "ProgressingWithRetry", "RecordLost"],
  Compliant: ["NoViolations", "ViolationsFound", "Incomplete"],
  Complete: ["EverythingRead", "SeveralFailures", "UnrecognizedAnswer", "OtherFailure"],
} as const;

export type CredentialStallReason = (typeof CREDENTIAL_STALLS)[number];
export type StallReason = (typeof SPEC_STALLS)[number] | CredentialStallReason;
export type FailureReason = (typeof FAILURE_REASONS)[number] | CredentialStallReason;
export type DoubtReason = (typeof DOUBT_REASONS)[number];

/** Every reason, by the type of the condition that can have it. */
export const CONDITION_REASONS = {
  Ready: [...OUTCOME_REASONS.Ready, ...SPEC_STALLS, ...CREDENTIAL_STALLS],
  Reconciling: OUTCOME_REASONS.Reconciling,
  Stalled: [...SPEC_STALLS, ...CREDENTIAL_STALLS],
  Compliant: [...OUTCOME_REASONS.Compliant, ...DOUBT_REASONS],
  Complete: [
    ...OUTCOME_REASONS.Complete,
    ...FAILURE_REASONS,
    ...CREDENTIAL_STALLS,
    ...DOUBT_REASONS.filter((reason) => reason !== "ExemptionExpired"),
  ],
} as const;

export type ConditionReason = (typeof CONDITION_REASONS)[keyof typeof CONDITION_REASONS][number];

/** Whether a scan stalls for its spec, so that none begins, asked for or not, until the spec changes. */
export function isSpecStall(reason: string): boolean {
  return SPEC_STALLS.some((known) => known === reason);
}

/** Whether this version stalls for it; a record of another one may hold a reason that this one does not know. */
export function isStallReason(reason: string): reason is StallReason {
  return CONDITION_REASONS.Stalled.some((known) => known === reason);
}

/** Whether `Complete` can have this reason; the same holds of it. */
export function isCompletenessReason(reason: string): reason is (typeof CONDITION_REASONS.Complete)[number] {
  return CONDITION_REASONS.Complete.some((known) => known === reason);
}
