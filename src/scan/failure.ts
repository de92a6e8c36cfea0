import type { FailureReason } from "../api/reasons.ts";
import { safeText } from "../api/safe-text.ts";
import { ACCOUNT_MISMATCH, AwsCallError, type FailureKind, toAwsCallError } from "../aws/errors.ts";
import type { Failure } from "./events.ts";

/** The reason that a kind of failure has in status and metrics, where nothing more exact is known. */
export const REASONS: Readonly<Record<FailureKind, FailureReason>> = {
  denied: "AccessDenied",
  "denied-by-scp": "DeniedByServiceControlPolicy",
  throttled: "Throttled",
  "timed-out": "TimedOut",
  unreachable: "Unreachable",
  "not-enabled": "RegionNotEnabled",
  unsupported: "Unsupported",
  failed: "ServiceError",
};

const ROLE_NOT_ALLOWED = "RoleNotAllowed";

/** Codes that no AWS service gives, and that say more than their kind. */
const OWN_CODES = [ACCOUNT_MISMATCH, ROLE_NOT_ALLOWED] as const satisfies readonly FailureReason[];

/** The refusal to assume a role that the administrator's patterns leave out. */
export function roleNotAllowed(roleArn: string): AwsCallError {
  const message = `The operator's --allowed-role-arns does not include ${roleArn}.`;
  return new AwsCallError({ kind: "denied", operation: "AssumeRole", code: ROLE_NOT_ALLOWED, message });
}

/** A failed call as a failure of this place. Where a spec can say that it is meant, the message begins with how. */
export function failureOf(error: unknown, operation: string, account: string, region = ""): Failure {
  const call: AwsCallError = toAwsCallError(error, operation);
  // What a region that is not enabled answers, STS and EC2 answer to credentials that are not good.
  const kind = call.kind === "not-enabled" && region === "" ? "denied" : call.kind;
  return {
    account,
    region,
    operation: call.operation,
    kind,
    reason: OWN_CODES.find((code) => code === call.code) ?? REASONS[kind],
    code: call.code,
    message: kind === "denied-by-scp" && region !== "" ? closedRegion(call, region) : call.message,
    requestId: call.requestId,
  };
}

/** First what to do: lists of failures cut messages, and AWS's begins with long ARNs. */
function closedRegion({ operation, message }: AwsCallError, region: string): string {
  return safeText(
    `A service control policy forbids ${operation} in ${region}. If it closes this region on purpose, add ${region} to spec.regions.exclude. AWS: ${message}`,
  );
}

/** A failure that no call stands behind. */
export function ownFailure(
  details: Pick<Failure, "account" | "operation" | "kind" | "reason" | "message"> & {
    readonly region?: string;
  },
): Failure {
  return { region: "", ...details, code: details.reason, message: safeText(details.message) };
}

/**
 * The failure of work that was cut off by `signal`, which is the scan's deadline or whoever stopped it; `progress` says
 * how far it got.
 */
export function cutOffFailure(
  signal: AbortSignal,
  operation: string,
  account: string,
  region = "",
  progress?: { readonly listed: number; readonly judged: number },
): Failure {
  const isDeadline = signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
  const cause = isDeadline ? "The scan's timeout was reached" : "The scan was stopped";
  const message =
    progress === undefined || progress.listed === 0
      ? `${cause} before this could be read.`
      : `${cause} with ${progress.judged} of the ${progress.listed} resources listed so far judged.${isDeadline ? MORE_TIME : ""}`;
  const reason = isDeadline ? REASONS["timed-out"] : "Stopped";
  return ownFailure({ account, region, operation, kind: "timed-out", reason, message });
}

const MORE_TIME =
  " The next scan goes on with the rest, as far as these can be remembered; a longer timeout judges more at a time.";
