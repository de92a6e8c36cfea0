import { AwsError, problem, refusal, type ServiceName } from "./errors.ts";
import type { FaultRule } from "./faults.ts";
import type { Call, Operation } from "./service.ts";

/** What a fault strikes. */
export interface Struck {
  readonly service: ServiceName;
  /** The operation's name. */
  readonly name: string;
  readonly operation: Operation;
  readonly call: Call;
}

/** The error that a fault of this kind answers; undefined for kinds that answer none. */
export function errorOf(fault: FaultRule, { service, name, operation, call }: Struck): AwsError | undefined {
  const { caller, input } = call;
  switch (fault.kind) {
    case "deny":
    case "scp-deny": {
      if (operation.unsigned)
        return problem(service, "denied", `Not authorized to perform ${service}:${name}`);
      const by = fault.kind === "deny" ? "identity-policy" : "service-control-policy";
      const refused = { service, operation: name, caller: caller.arn, resource: operation.resource?.(input) };
      return refusal(refused, by);
    }
    case "throttle":
      return problem(service, "throttled");
    case "error500":
      return problem(service, "internal");
    case "expired-session":
      return problem(service, "expired-session");
    case "error":
      return new AwsError(fault.code ?? "InternalFailure", fault.message ?? "", fault.status ?? 400);
    case "vanish":
      return operation.vanished?.(input);
    case "expire-page-token":
      return new AwsError("ValidationException", "The pagination token has expired");
    default:
      return undefined;
  }
}
