import { parseDuration } from "../api/duration.ts";
import type { AwsAccountScanSpec } from "../api/generated/awsaccountscan.ts";
import type { ScanRequest } from "../scan/request.ts";

/** The accounts that a spec means, in the engine's words. */
export function targetsOf({
  accounts,
  organization,
}: Pick<AwsAccountScanSpec, "accounts" | "organization">): Pick<ScanRequest, "accounts" | "organization"> {
  return { accounts: accounts?.map(withSeconds), organization: organization && withSeconds(organization) };
}

/** AWS counts a session's duration in whole seconds. */
function withSeconds<T extends { readonly sessionDuration?: string | undefined }>({
  sessionDuration,
  ...target
}: T): Omit<T, "sessionDuration"> & { readonly sessionDurationSeconds?: number | undefined } {
  if (sessionDuration === undefined) return target;
  return { ...target, sessionDurationSeconds: Math.floor(parseDuration(sessionDuration) / 1_000) };
}
