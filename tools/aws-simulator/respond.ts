/** From a request to its answer: who asks, may they, does a fault strike, what does the service say. */
import type { Visit } from "./counters.ts";
import { AwsError, problem } from "./errors.ts";
import { errorOf } from "./fault-errors.ts";
import type { FaultRule } from "./faults.ts";
import { nextRequestId } from "./request-id.ts";
import { type Route, route } from "./route.ts";
import type { SignedRequest } from "./signature.ts";
import { type Plan, type Responder, type Trace, traceOf, understand } from "./understand.ts";
import { type Answer, awsJson, type Output } from "./wire.ts";

/** An answer and how it is sent. */
export interface Reply {
  readonly requestId: string;
  readonly answer: Answer;
  /** How far off the Date header is. */
  readonly clockSkewMs: number;
  readonly retryAfterSeconds: number | undefined;
  /** The fault that makes it slow; undefined: all at once. */
  readonly drip: FaultRule | undefined;
}

/** What becomes of the connection. */
export type Response = Reply | "reset" | "hang";

/** How a request ended, in the log's word, and what its client gets. */
interface Settled {
  readonly outcome: string;
  readonly response: Response;
}

/**
 * Answers one request through `send`, at once where nothing makes it wait, and counts and logs it. Does not throw,
 * whatever a client sends. Callbacks, not promises: they are a third of what a request costs.
 */
export function respond(
  request: SignedRequest,
  responder: Responder,
  visit: Visit,
  send: (response: Response) => void,
): void {
  const requestId = nextRequestId();
  const asked = route(request.headers, request.body);
  const trace = traceOf(asked);
  const finish = ({ outcome, response }: Settled) => {
    responder.counters.end(visit, trace, outcome);
    if (responder.log.isKept) write(responder, request, trace, requestId, outcome);
    send(response);
  };
  const fail = (thrown: unknown, clockSkewMs: number) =>
    finish(failed(asked, thrown, requestId, clockSkewMs));

  let plan: Plan;
  try {
    plan = understand(asked, request, responder, trace);
  } catch (thrown) {
    responder.counters.arrive(visit, trace, responder.now());
    fail(thrown, 0);
    return;
  }
  responder.counters.arrive(visit, trace, responder.now());
  const { effects } = plan;
  const settle = () => {
    try {
      const output = answered(plan, asked.operation);
      if (typeof output === "string") finish({ outcome: output, response: output });
      else if (output instanceof Promise)
        output.then(
          (later) => finish(succeeded(plan, asked.operation, later, requestId)),
          (thrown: unknown) => fail(thrown, effects.clockSkewMs),
        );
      else finish(succeeded(plan, asked.operation, output, requestId));
    } catch (thrown) {
      fail(thrown, effects.clockSkewMs);
    }
  };
  const waitMs = effects.latencyMs + responder.settings.latencyMs;
  if (waitMs > 0) setTimeout(settle, waitMs);
  else settle();
}

/** What the service says, or what becomes of the connection. Throws the `AwsError` that the client gets. */
function answered(
  { service, operation, call, effects: { ending }, signedAtMs }: Plan,
  name: string,
): Output | Promise<Output> | "reset" | "hang" {
  if (ending?.kind === "reset" || ending?.kind === "hang") return ending.kind;
  const error = ending && errorOf(ending, { service: service.name, name, operation, call, signedAtMs });
  if (error) throw error;
  return operation.answer(call);
}

function succeeded({ service, effects }: Plan, name: string, output: Output, requestId: string): Settled {
  const { ending, clockSkewMs } = effects;
  const reply = {
    requestId,
    answer: service.protocol.success(name, output, requestId),
    clockSkewMs,
    retryAfterSeconds: undefined,
    drip: undefined,
  };
  if (ending?.kind === "drip") return { outcome: "drip", response: { ...reply, drip: ending } };
  if (ending?.kind !== "malformed") return { outcome: "success", response: reply };
  const { answer } = reply;
  const half = { ...answer, body: answer.body.slice(0, answer.body.length / 2) };
  return { outcome: "malformed", response: { ...reply, answer: half } };
}

/** What is no `AwsError` is a fault of the simulator itself: told on stderr, since a client sees no more than a 500. */
function failed(asked: Route, thrown: unknown, requestId: string, clockSkewMs: number): Settled {
  const { service, operation } = asked;
  if (!(thrown instanceof AwsError)) console.error(`${service?.name ?? "unknown"}:${operation}`, thrown);
  const error = thrown instanceof AwsError ? thrown : problem(service?.name ?? "sagemaker", "internal");
  const answer = (service?.protocol ?? awsJson).failure(error, requestId);
  const { retryAfterSeconds, code } = error;
  return { outcome: code, response: { requestId, answer, clockSkewMs, retryAfterSeconds, drip: undefined } };
}

function write(
  { log, now }: Responder,
  { headers }: SignedRequest,
  {
    service,
    operation,
    account,
    region,
    resource,
    caller,
    roleSessionName,
    externalId,
    durationSeconds,
  }: Trace,
  requestId: string,
  outcome: string,
): void {
  const userAgent = headers["user-agent"];
  log.add({
    requestId,
    timeMs: now(),
    service,
    operation,
    account,
    region,
    resource,
    caller,
    roleSessionName,
    externalId,
    durationSeconds,
    userAgent,
    outcome,
  });
}
