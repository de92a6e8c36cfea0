import { isDeepStrictEqual } from "node:util";
import type { Condition } from "../api/generated/awsaccountscan.ts";
import type { CredentialStallReason } from "../api/reasons.ts";
import { safeText } from "../api/safe-text.ts";

/** Why a scan cannot run until somebody changes its spec, its ServiceAccount or the operator's configuration. */
export class StallError extends Error {
  override readonly name = "StallError";
  /** The reason of the Stalled condition. */
  readonly reason: CredentialStallReason;

  constructor(reason: CredentialStallReason, message: string) {
    super(safeText(message, 1_024));
    this.reason = reason;
  }
}

type Stall = Pick<Condition, "reason" | "message">;

/** The stall that a status tells of, where the status before did not tell of the same. */
export function newStall(
  before: readonly Condition[] | undefined,
  now: readonly Condition[] | undefined,
): Stall | undefined {
  const stall = stallOf(now);
  return isDeepStrictEqual(stall, stallOf(before)) ? undefined : stall;
}

function stallOf(conditions: readonly Condition[] | undefined): Stall | undefined {
  const stalled = conditions?.find(({ type, status }) => type === "Stalled" && status === "True");
  return stalled && { reason: stalled.reason, message: stalled.message };
}
