import { safeText } from "../api/safe-text.ts";

/** Why a scan cannot run until somebody changes its spec, its ServiceAccount or the operator's configuration. */
export class StallError extends Error {
  override readonly name = "StallError";
  /** CamelCase, stable: the reason of the Stalled condition. */
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(safeText(message, 1_024));
    this.reason = reason;
  }
}
