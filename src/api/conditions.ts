import type { ConditionReason } from "./reasons.ts";

/** Conditions as the Kubernetes API conventions define them, and the types that a scan has. */

export type ConditionStatus = "True" | "False" | "Unknown";

/**
 * `Ready`, `Reconciling` and `Stalled` are kstatus's, so that `kubectl wait`, Flux and Argo CD understand them;
 * the latter two are there only when True. `Compliant` and `Complete` are what the scan found.
 */
export type ConditionType = "Ready" | "Reconciling" | "Stalled" | "Compliant" | "Complete";

/** What a condition says, before it is known since when. */
export interface ConditionClaim {
  readonly type: ConditionType;
  readonly status: ConditionStatus;
  readonly reason: ConditionReason;
  readonly message: string;
}

export interface Condition extends ConditionClaim {
  readonly observedGeneration: number;
  /** RFC 3339, to the second. */
  readonly lastTransitionTime: string;
}

/** metav1.Condition's bound is 32 KiB; a status that many people read wants a sentence. */
export const MAX_CONDITION_MESSAGE = 1_024;

/**
 * `claims` with the time of their last change of status, taken from `before` where it is the same and not yet to come, as it
 * is after a clock was set back.
 */
export function withTransitionTimes(
  claims: readonly ConditionClaim[],
  before: readonly { readonly type: string; readonly status: string; readonly lastTransitionTime: string }[],
  observedGeneration: number,
  now: Date,
): Condition[] {
  const time = toTime(now);
  return claims.map((claim) => {
    const known = before.find(({ type, status }) => type === claim.type && status === claim.status);
    // Times of one form compare as texts.
    const isPast = known !== undefined && known.lastTransitionTime <= time;
    return { ...claim, observedGeneration, lastTransitionTime: isPast ? known.lastTransitionTime : time };
  });
}

/** A time as Kubernetes writes it: RFC 3339, UTC, whole seconds. */
export function toTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
