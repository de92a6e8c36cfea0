/** From a request to its answer: who asks, may they, does a fault strike, what does the service say. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { authenticate } from "./authenticate.ts";
import { AwsError, problem } from "./errors.ts";
import { errorOf } from "./fault-errors.ts";
import type { Faults } from "./faults.ts";
import { isReading, type LoggedRequest, type RequestLog } from "./request-log.ts";
import { type Route, route } from "./route.ts";
import { type Call, type Context, NOBODY, type Operation, type Service } from "./service.ts";
import type { SignedRequest } from "./signature.ts";
import { type Answer, awsJson } from "./wire.ts";

/** What becomes of the connection. */
export type Response =
  | { readonly kind: "answer"; readonly answer: Answer; readonly requestId: string }
  | { readonly kind: "reset" }
  | { readonly kind: "hang" };

/** What requests are answered from. */
export interface Responder extends Context {
  readonly faults: Faults;
  readonly log: RequestLog;
}

/** Answers one request and logs it. Does not throw, whatever a client sends. */
export async function respond(request: SignedRequest, responder: Responder): Promise<Response> {
  const requestId = randomUUID();
  const asked = route(request.headers, request.body);
  const trace: Trace = { hasPageToken: false };
  const settled = await settle(asked, request, responder, trace, requestId).catch((thrown: unknown) => {
    const error = thrown instanceof AwsError ? thrown : internal(asked, thrown);
    const answer = (asked.service?.protocol ?? awsJson).failure(error, requestId);
    return { outcome: error.code, response: { kind: "answer", answer, requestId } as const };
  });
  const isUnknown = asked.service?.operations[asked.operation] === undefined;
  responder.log.add(logged(asked, trace, request, requestId, settled.outcome, responder.now()), isUnknown);
  return settled.response;
}

/** What is known of a request so far; it is logged however far its handling came. */
interface Trace {
  account?: string | undefined;
  region?: string;
  caller?: string;
  resource?: string | undefined;
  roleSessionName?: string | undefined;
  externalId?: string | undefined;
  hasPageToken: boolean;
}

/** How a request ended, in the log's word, and what its client gets. */
interface Settled {
  readonly outcome: string;
  readonly response: Response;
}

/** Throws the `AwsError` that the client gets. */
async function settle(
  { service, operation: name }: Route,
  request: SignedRequest,
  responder: Responder,
  trace: Trace,
  requestId: string,
): Promise<Settled> {
  if (!service) throw new AwsError("UnknownOperationException", "no such service is simulated", 404);
  const { call, operation } = understand(service, name, request, responder, trace);
  const { account, region, resource, hasPageToken } = trace;
  const effects = responder.faults.strike({
    service: service.name,
    operation: name,
    account,
    region,
    name: resource,
    hasPageToken,
  });
  const waitMs = effects.latencyMs + responder.settings.latencyMs;
  if (waitMs > 0) await sleep(waitMs);

  const { ending } = effects;
  if (ending?.kind === "reset" || ending?.kind === "hang")
    return { outcome: ending.kind, response: { kind: ending.kind } };
  const error = ending && errorOf(ending, { service: service.name, name, operation, call });
  if (error) throw error;
  const output = await operation.answer({ ...call, pageLimit: effects.pageLimit });
  const answer = service.protocol.success(name, output, requestId);
  if (ending?.kind !== "malformed")
    return { outcome: "success", response: { kind: "answer", answer, requestId } };
  const half = { ...answer, body: answer.body.slice(0, answer.body.length / 2) };
  return { outcome: "malformed", response: { kind: "answer", answer: half, requestId } };
}

/** Finds out what is asked by whom, and tells the trace as it goes. */
function understand(
  service: Service,
  name: string,
  request: SignedRequest,
  responder: Responder,
  trace: Trace,
): { readonly call: Call; readonly operation: Operation } {
  const operation = service.operations[name];
  const input = service.protocol.readInput(request.body);
  trace.resource = operation?.resource?.(input);
  trace.account = operation?.account?.(input);
  trace.roleSessionName = input.text("RoleSessionName");
  trace.externalId = input.text("ExternalId");
  trace.hasPageToken = input.text("NextToken") !== undefined;
  const signed = operation?.unsigned ? undefined : authenticate(service.name, request, responder);
  if (signed) {
    trace.caller = signed.principal.arn;
    trace.region = signed.region;
    trace.account ??= signed.principal.accountId;
  }
  if (!operation) throw problem(service.name, "unknown-operation");
  const { world, sessions, settings, identityProvider, now } = responder;
  const call: Call = {
    ...{ world, sessions, settings, identityProvider, now, input },
    caller: signed?.principal ?? NOBODY,
    region: signed?.region ?? "",
    pageLimit: undefined,
  };
  if (signed) service.assertRegion(call);
  return { call, operation };
}

/** A fault of the simulator itself: told on stderr, since a client sees no more than a 500. */
function internal({ service, operation }: Route, thrown: unknown): AwsError {
  console.error(`${service?.name ?? "unknown"}:${operation}`, thrown);
  return problem(service?.name ?? "sagemaker", "internal");
}

function logged(
  asked: Route,
  trace: Trace,
  { headers }: SignedRequest,
  requestId: string,
  outcome: string,
  nowMs: number,
): LoggedRequest {
  return {
    requestId,
    time: new Date(nowMs).toISOString(),
    service: asked.service?.name,
    operation: asked.operation,
    account: trace.account,
    region: trace.region,
    resource: trace.resource,
    caller: trace.caller,
    roleSessionName: trace.roleSessionName,
    externalId: trace.externalId,
    userAgent: headers["user-agent"],
    outcome,
    mutating: !isReading(asked.operation),
  };
}
