/** What a request asks, of whom, and what faults make of it. */
import type { Faults } from "./armed-faults.ts";
import { assertTime, authenticate } from "./authenticate.ts";
import type { RequestCounters } from "./counters.ts";
import { AwsError, problem } from "./errors.ts";
import type { Effects } from "./faults.ts";
import { assertPermitted } from "./permissions.ts";
import type { RequestLog } from "./request-log.ts";
import type { Route } from "./route.ts";
import { type Call, type Context, NOBODY, type Operation, type Service } from "./service.ts";
import { allowsAction } from "./session-policy.ts";
import type { Principal } from "./sessions.ts";
import type { SignedRequest } from "./signature.ts";
import type { Counted } from "./tallies.ts";

/** What requests are answered from. */
export interface Responder extends Context {
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly counters: RequestCounters;
}

/** What is known of a request so far; it is logged however far its handling came. */
export interface Trace extends Counted {
  account: string | undefined;
  region: string | undefined;
  caller: string | undefined;
  resource: string | undefined;
  roleSessionName: string | undefined;
  externalId: string | undefined;
  durationSeconds: number | undefined;
}

/** What is asked, understood, and what faults make of it. */
export interface Plan {
  readonly service: Service;
  readonly operation: Operation;
  readonly call: Call;
  readonly effects: Effects;
  readonly signedAtMs: number | undefined;
}

/** Nothing known yet but what is asked. */
export function traceOf({ service, operation }: Route): Trace {
  return {
    service: service?.name,
    operation,
    isUnknown: service?.operations[operation] === undefined,
    account: undefined,
    region: undefined,
    caller: undefined,
    resource: undefined,
    roleSessionName: undefined,
    externalId: undefined,
    durationSeconds: undefined,
  };
}

/** Finds out what is asked by whom, and tells the trace as it goes. Throws the `AwsError` that the client gets. */
export function understand(
  { service, operation: name }: Route,
  request: SignedRequest,
  responder: Responder,
  trace: Trace,
): Plan {
  if (!service) throw new AwsError("UnknownOperationException", "no such service is simulated", 404);
  const operation = service.operations[name];
  const input = service.protocol.readInput(request.body);
  trace.resource = operation?.resource?.(input);
  trace.account = operation?.account?.(input);
  trace.roleSessionName = input.text("RoleSessionName");
  trace.externalId = input.text("ExternalId");
  const duration = input.text("DurationSeconds");
  if (duration !== undefined) trace.durationSeconds = Number(duration);
  const signed = operation?.unsigned ? undefined : authenticate(service.name, request, responder);
  if (signed) {
    trace.caller = signed.principal.arn;
    trace.region = signed.region;
    trace.account ??= signed.principal.accountId;
    assertAllowed(service, name, signed.principal);
    const { principal: caller, region } = signed;
    assertPermitted(service, name, { world: responder.world, input, caller, region });
  }
  if (!operation) {
    if (signed) assertTime(service.name, signed.signedAtMs, responder.now());
    throw problem(service.name, "unknown-operation");
  }
  const { world, sessions, settings, identityProvider, now } = responder;
  const effects = responder.faults.strike({
    service: service.name,
    operation: name,
    account: trace.account,
    region: trace.region,
    name: trace.resource,
    hasPageToken: input.text("NextToken") !== undefined,
    signedAtMs: signed?.signedAtMs,
  });
  if (signed && effects.ending?.kind !== "clock-skew") {
    assertTime(service.name, signed.signedAtMs, now() + effects.clockSkewMs);
    service.assertRegion(world, signed.principal.accountId, signed.region);
  }
  const call: Call = {
    world,
    sessions,
    settings,
    identityProvider,
    now,
    input,
    caller: signed?.principal ?? NOBODY,
    region: signed?.region ?? "",
    pageLimit: effects.pageLimit,
    pageOverlap: effects.pageOverlap,
  };
  return { service, operation, call, effects, signedAtMs: signed?.signedAtMs };
}

/** Throws what the service answers where the session's policy leaves the action out; none can forbid this one. */
function assertAllowed(service: Service, operation: string, { arn, policy }: Principal): void {
  if (policy === undefined || operation === "GetCallerIdentity") return;
  const action = `${service.name}:${operation}`;
  if (allowsAction(policy, action)) return;
  const why = `User: ${arn} is not authorized to perform: ${action} because no session policy allows the ${action} action`;
  throw problem(service.name, "denied", why);
}
