import { DEFAULT_SKEW_MS, SKEW_TOLERANCE_MS } from "./armed-faults.ts";
import { AwsError, problem, refusal, type ServiceName, wrongTime } from "./errors.ts";
import type { FaultRule } from "./faults.ts";
import type { Call, Operation } from "./service.ts";

/** What a fault strikes. */
export interface Struck {
  readonly service: ServiceName;
  /** The operation's name. */
  readonly name: string;
  readonly operation: Operation;
  readonly call: Call;
  /** Epoch milliseconds; undefined where the request is not signed. */
  readonly signedAtMs: number | undefined;
}

/** The error that a fault of this kind answers; undefined for kinds that answer none. */
export function errorOf(fault: FaultRule, struck: Struck): AwsError | undefined {
  const error = usualError(fault, struck);
  if (!error || fault.retryAfterSeconds === undefined) return error;
  return new AwsError(error.code, error.message, error.status, fault.retryAfterSeconds);
}

function usualError(fault: FaultRule, struck: Struck): AwsError | undefined {
  const { service, operation, call } = struck;
  switch (fault.kind) {
    case "deny":
    case "scp-deny":
      return denial(fault.kind, struck);
    case "throttle":
      return problem(service, "throttled");
    case "error500":
      return problem(service, "internal");
    case "expired-session":
      return problem(service, "expired-session");
    case "not-enabled":
      return problem(service, "unknown-key");
    case "unsupported":
      return problem(service, "unsupported");
    case "clock-skew":
      return skewed(fault, struck);
    case "error":
      return new AwsError(fault.code ?? "InternalFailure", fault.message ?? "", fault.status ?? 400);
    case "vanish":
      return operation.vanished?.(call.input);
    case "expire-page-token":
      return new AwsError("ValidationException", "The pagination token has expired");
    default:
      return undefined;
  }
}

function denial(kind: "deny" | "scp-deny", { service, name, operation, call }: Struck): AwsError {
  if (operation.unsigned) return problem(service, "denied", `Not authorized to perform ${service}:${name}`);
  const by = kind === "deny" ? "identity-policy" : "service-control-policy";
  const resource = operation.resource?.(call.input);
  return refusal({ service, operation: name, caller: call.caller.arn, resource }, by);
}

function skewed({ skewMs = DEFAULT_SKEW_MS }: FaultRule, { service, call, signedAtMs }: Struck) {
  if (signedAtMs === undefined) return undefined;
  return wrongTime(service, { signedAtMs, serverMs: call.now() + skewMs, toleranceMs: SKEW_TOLERANCE_MS });
}
