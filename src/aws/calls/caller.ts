import { setTimeout as sleep } from "node:timers/promises";
import { abortable } from "../../async/abortable.ts";
import { onAbort } from "../../async/on-abort.ts";
import { type AwsCallError, type FailureKind, toAwsCallError } from "../errors.ts";
import { nextDelay, RETRY_POLICY, type RetryPolicy, type Tries } from "./backoff.ts";
import { CallSpan, type Traced } from "./call-span.ts";
import { type Answer, Dispatcher, type RequestLimits, type Route, type Turn } from "./dispatcher.ts";

/** What one attempt at an AWS request came to. */
export type RequestOutcome = "success" | FailureKind;

export interface CallerOptions {
  readonly limits: RequestLimits;
  readonly retries?: RetryPolicy;
  /** Of [0, 1). */
  readonly random?: () => number;
  /** Called once for every attempt, retries included; `durationMs` does not count the wait for its turn. */
  onRequest?(service: string, operation: string, outcome: RequestOutcome, durationMs: number): void;
}

/** Credentials that were good a minute ago are not what a region refuses. */
const DOUBTED_AGE_MS = 60_000;

/** A call to be made, as often as it takes. */
export interface Call<T> {
  readonly route: Route;
  /** The scan's: once it aborts, nobody waits for an answer any more. */
  readonly signal: AbortSignal;
  /**
   * Resolves when there are credentials to sign with, and rejects with an `AwsCallError` where none are to be had;
   * undefined where there are some.
   */
  prepare(): Promise<unknown> | undefined;
  /** Makes one attempt. Must end soon after the signal aborts. */
  send(signal: AbortSignal): Promise<T>;
  /** Undefined where nobody traces it. */
  readonly traced?: Traced | undefined;
  /** Has the next attempt signed with fresh credentials, unless these are younger than that: then false. */
  renew(minAgeMs: number): boolean;
}

/**
 * Makes calls to AWS: when the quota and the bounds on concurrency allow it, and again where that may help. Shared by
 * all scans of a process.
 */
export class Caller {
  readonly #dispatcher: Dispatcher;
  readonly #policy: RetryPolicy;
  readonly #random: () => number;
  readonly #onRequest: CallerOptions["onRequest"];

  constructor({ limits, retries = RETRY_POLICY, random = Math.random, onRequest }: CallerOptions) {
    this.#dispatcher = new Dispatcher({
      limits,
      random,
      now: () => performance.now(),
      patience: retries,
    });
    this.#policy = retries;
    this.#random = random;
    this.#onRequest = onRequest;
  }

  /** The answer. Throws `AwsCallError` where there is none to be had, and the signal's reason where it aborts. */
  call<T>(call: Call<T>): Promise<T> {
    return call.traced === undefined ? this.#answer(call) : this.#tracedAnswer(call, call.traced);
  }

  async #tracedAnswer<T>(call: Call<T>, traced: Traced): Promise<T> {
    const span = new CallSpan(call.route, traced, () => performance.now());
    try {
      const answer = await this.#answer(call, span);
      span.succeeded(answer);
      return answer;
    } catch (error) {
      span.failed(toAwsCallError(error, call.route.operation));
      throw error;
    }
  }

  async #answer<T>(call: Call<T>, span?: CallSpan): Promise<T> {
    const { route, signal } = call;
    const tries: Tries = { throttled: 0, transient: 0, renewed: 0, corrected: 0 };
    for (let isRetry = false; ; isRetry = true) {
      // Before the turn: what waits for credentials holds up nobody, least of all whoever fetches them.
      const waiting = call.prepare();
      if (waiting !== undefined) await waiting;
      const turn = await this.#dispatcher.turn(route, signal, isRetry);
      const sentAt = performance.now();
      const tell = (outcome: RequestOutcome) =>
        this.#onRequest?.(route.service, route.operation, outcome, performance.now() - sentAt);
      span?.sent();
      try {
        const answer = await this.#attempt(call);
        span?.cameBack();
        tell("success");
        turn.budget.succeeded();
        turn.end({ kind: "answered" });
        return answer;
      } catch (thrown) {
        span?.cameBack();
        const error = toAwsCallError(thrown, route.operation);
        tell(error.kind);
        turn.end(signal.aborted ? { kind: "abandoned" } : answerOf(error));
        signal.throwIfAborted();
        await this.#recover(error, tries, call, turn);
        span?.retries(error);
      }
    }
  }

  /** Resolves when the next attempt may be made; throws `error` where there will be none. */
  async #recover(error: AwsCallError, tries: Tries, call: Call<unknown>, turn: Turn): Promise<void> {
    const delay = nextDelay(error, tries, this.#policy, this.#random);
    if (delay === undefined) throw error;
    if (error.remedy === "transient" && !turn.budget.take()) throw error;
    if (error.remedy === "paced") tries.throttled += 1;
    if (error.remedy === "transient") tries.transient += 1;
    if (error.remedy === "corrected") tries.corrected += 1;
    if (error.remedy === "renewed" || error.remedy === "doubted") {
      tries.renewed += 1;
      if (!call.renew(error.remedy === "doubted" ? DOUBTED_AGE_MS : 0)) throw error;
    }
    if (delay > 0) await abortable(sleep(delay), call.signal);
  }

  /** One attempt, cut off after its time, even where what is asked outlasts its signal. */
  async #attempt<T>({ send, signal, route }: Call<T>): Promise<T> {
    signal.throwIfAborted();
    const abort = new AbortController();
    const { promise: cutOff, reject } = Promise.withResolvers<never>();
    const end = (reason: unknown) => {
      abort.abort(reason);
      reject(reason);
    };
    const stay = onAbort(signal, () => end(signal.reason));
    const { attemptTimeoutMs } = this.#policy;
    const timer = setTimeout(() => {
      const message = `${route.service} gave no whole answer within ${attemptTimeoutMs / 1_000} s`;
      end(Object.assign(new Error(message), { name: "TimeoutError" }));
    }, attemptTimeoutMs);
    try {
      return await Promise.race([send(abort.signal), cutOff]);
    } finally {
      clearTimeout(timer);
      stay();
    }
  }
}

function answerOf(error: AwsCallError): Answer {
  if (error.remedy === "paced") {
    return { kind: "throttled", error, retryAfterMs: error.retryAfterMs ?? 0 };
  }
  if (error.kind === "timed-out") return { kind: "timed-out", error };
  return { kind: error.kind === "unreachable" ? "unreachable" : "answered" };
}
