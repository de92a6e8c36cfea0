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
