import type { AwsAccountScan } from "../../api/generated/awsaccountscan.ts";
import { REQUESTED_AT } from "../../api/names.ts";
import { isSpecStall } from "../../api/reasons.ts";

/** What has become of a scan that was asked for. */
export type Answer =
  | { readonly kind: "waiting"; readonly state: string }
  /** It has ended, be it without having read anything. */
  | { readonly kind: "ended" }
  /** It will not begin until somebody changes something. */
  | { readonly kind: "refused"; readonly why: string };

/**
 * As the scan's status tells; `request` is what `requestedAt` was set to. Where somebody has asked after that, it is his
 * scan that is waited for: the operator runs one for both.
 */
export function answerOf({ metadata, spec, status }: AwsAccountScan, request: string): Answer {
  const { lastHandledReconcileAt, currentScan, conditions = [] } = status ?? {};
  if (spec.suspend === true) return { kind: "refused", why: "was suspended meanwhile" };
  const stalled = conditions.find(({ type, status: is }) => type === "Stalled" && is === "True");
  // What stalls for its credentials is tried again when it is asked for.
  if (stalled?.observedGeneration === metadata.generation && isSpecStall(stalled?.reason ?? "")) {
    return { kind: "refused", why: `is stalled: ${stalled?.reason}: ${stalled?.message}` };
  }
  const latest = metadata.annotations?.[REQUESTED_AT] ?? request;
  if ((lastHandledReconcileAt === request || lastHandledReconcileAt === latest) && currentScan === undefined)
    return { kind: "ended" };
  const state =
    currentScan === undefined
      ? "waiting for the operator, or for its turn"
      : `scanning since ${currentScan.startTime}`;
  return { kind: "waiting", state };
}
