import { FairTurns } from "../../async/fair-turns.ts";
import { onAbort } from "../../async/on-abort.ts";
import type { AwsCallError } from "../errors.ts";
import { MAX_RETRY_AFTER_MS, type RetryPolicy } from "./backoff.ts";
import { EndpointHealth } from "./endpoint-health.ts";
import { Gate, Lane, type Waiting } from "./lane.ts";
import { Pace } from "./pace.ts";
import { RetryBudget } from "./retry-budget.ts";

/** Where a request goes. */
export interface Route {
  /** Whose quota it uses. */
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly operation: string;
}

/** The most requests under way at once: in this process, for one account, in one region of it. */
export interface RequestLimits {
  readonly process: number;
  readonly account: number;
  readonly region: number;
}

export interface DispatcherOptions {
  readonly limits: RequestLimits;
  /** When a lane that is throttled gives up. */
  readonly patience: Pick<RetryPolicy, "patienceMs" | "maxStrikes">;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly random: () => number;
}

/** What came of a request, as far as the next ones are concerned. */
export type Answer =
  | { readonly kind: "answered" }
  /** Nobody waited for it any more: that says nothing of the service. */
  | { readonly kind: "abandoned" }
  /** No connection, or one that broke. */
  | { readonly kind: "unreachable" }
  /** No answer within the time. */
  | { readonly kind: "timed-out"; readonly error: AwsCallError }
  | { readonly kind: "throttled"; readonly error: AwsCallError; readonly retryAfterMs: number };

/** Leave to send one request. */
export interface Turn {
  /** Shared by the requests to the same region of the same account. */
  readonly budget: RetryBudget;
  /** To be called once, when the request is over. */
  end(answer: Answer): void;
}

/**
 * A request without an answer for this long gives its place in the process to another: places that hang hold up none
 * that do not. As many may be slow as may be under way.
 */
const SLOW_MS = 2_000;
/**
 * Where all places hang, the slow ones too, so many more for each four that a process has are for accounts that have less
 * than a few requests under way: those whose requests do not hang need no more to get on.
 */
const SPARE = 1 / 4;
const FEW = 4;
/** Accounts that are remembered; those that nothing waits for are forgotten first. */
const MAX_ACCOUNTS = 4_096;

interface Region {
  readonly gate: Gate;
  readonly budget: RetryBudget;
  readonly lanes: Map<string, Lane>;
}

interface Account {
  readonly gate: Gate;
  readonly regions: Map<string, Region>;
}

/**
 * Says when each request to AWS may go. All scans of a process share one: what one learns of a quota serves the
 * others. The account with the fewest requests under way goes first, equals take turns, and so do the lanes of each: neither
 * a slow region nor a large account, nor a scan of many, holds up the rest.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #process: Gate;
  readonly #slow: Gate;
  /** Of slow requests that have found no place for such, the first one first. */
  readonly #stuck = new Set<() => void>();
  /** Of each service in each region, for all accounts. */
  readonly #health = new Map<string, EndpointHealth>();
  /** In the order in which they were last asked for. */
  readonly #accounts = new Map<string, Account>();
  /** Lanes that may have something to send, by their accounts. */
  readonly #ready = new FairTurns<Gate, Lane>();

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#process = new Gate(options.limits.process);
    this.#slow = new Gate(options.limits.process);
  }

  /**
   * Resolves when the request may be sent. Rejects with the signal's reason, or with the `AwsCallError` of others where
   * everything was throttled for long, or where the endpoint answers nobody.
   */
  turn(route: Route, signal: AbortSignal, isRetry: boolean): Promise<Turn> {
    const { lane, budget } = this.#laneOf(route);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const now = this.#options.now();
      const refusal = lane.refusalAt(now);
      if (refusal !== undefined) return reject(refusal.asOf(route.operation));
      const request: Waiting = {
        isOver: false,
        go: () => {
          stay();
          resolve(this.#begin(lane, budget));
        },
        refuse: (error) => {
          stay();
          reject(error.asOf(route.operation));
        },
      };
      const stay = onAbort(signal, () => {
        request.isOver = true;
        reject(signal.reason);
      });
      lane.add(request, isRetry, now);
      this.#offer(lane);
      this.#pump();
    });
  }

  #begin(lane: Lane, budget: RetryBudget): Turn {
    const sentAt = this.#options.now();
    let held = this.#process;
    held.inFlight += 1;
    for (const gate of lane.gates) gate.inFlight += 1;
    this.#ready.setRunning(lane.account, lane.account.inFlight);
    lane.inFlight += 1;
    lane.pace.sent(sentAt);
    const giveWay = () => {
      this.#stuck.delete(giveWay);
      held.inFlight -= 1;
      held = this.#slow;
      held.inFlight += 1;
    };
    const timer = setTimeout(() => {
      this.#stuck.add(giveWay);
      this.#unstick();
      this.#pump();
    }, SLOW_MS).unref();
    const end = (answer: Answer) => {
      clearTimeout(timer);
      this.#stuck.delete(giveWay);
      held.inFlight -= 1;
      this.#unstick();
      this.#end(lane, sentAt, answer);
    };
    return { budget, end };
  }

  /** Moves slow requests to the places for such, as far as there are some. */
  #unstick(): void {
    for (const giveWay of this.#stuck) {
      if (this.#slow.isFull) return;
      giveWay();
    }
  }

  #end(lane: Lane, sentAt: number, answer: Answer): void {
    const now = this.#options.now();
    this.#learn(lane, sentAt, answer, now);
    lane.ended(now);
    for (const gate of lane.gates) {
      gate.inFlight -= 1;
      for (const parked of gate.parked) this.#offer(parked);
      gate.parked.clear();
    }
    this.#ready.setRunning(lane.account, lane.account.inFlight);
    this.#offer(lane);
    this.#pump();
  }

  #learn(lane: Lane, sentAt: number, answer: Answer, now: number): void {
    switch (answer.kind) {
      case "answered":
        lane.health.answered();
        lane.pace.admitted(now);
        return;
      case "abandoned":
        return;
      case "unreachable":
        lane.pace.unanswered();
        return;
      case "timed-out":
        lane.health.timedOut(lane.account, answer.error, now);
        lane.pace.unanswered();
        return;
      case "throttled": {
        lane.health.answered();
        lane.pace.throttled(sentAt, now, Math.min(answer.retryAfterMs, MAX_RETRY_AFTER_MS));
        const { patienceMs, maxStrikes } = this.#options.patience;
        const isHopeless = lane.pace.strikes >= maxStrikes && lane.pace.blockedFor(now) >= patienceMs;
        if (isHopeless) lane.close(answer.error, now);
      }
    }
  }

  #pump(): void {
    for (;;) {
      const lane = this.#ready.next(this.#maxInFlight());
      if (lane === undefined) return;
      this.#ready.delete(lane.account, lane);
      this.#advance(lane);
    }
  }

  /** How many requests an account may have under way to be given another place; -1: there is none. */
  #maxInFlight(): number {
    if (!this.#process.isFull) return Number.MAX_SAFE_INTEGER;
    const { limit, inFlight } = this.#process;
    return this.#slow.isFull && inFlight < limit + Math.ceil(limit * SPARE) ? FEW - 1 : -1;
  }

  #offer(lane: Lane): void {
    this.#ready.push(lane.account, lane, lane.account.inFlight);
  }

  /** Sends the lane's next request where it may go, else leaves the lane to whatever will let it. */
  #advance(lane: Lane): void {
    const { next } = lane;
    if (next === undefined) return;
    const refusal = lane.refusalAt(this.#options.now());
    if (refusal !== undefined) {
      lane.shift();
      next.refuse(refusal);
      this.#offer(lane);
      return;
    }
    if (lane.inFlight >= lane.pace.window || lane.timer !== undefined) return;
    const full = lane.gates.find((gate) => gate.isFull);
    if (full !== undefined) {
      full.parked.add(lane);
      return;
    }
    const wait = lane.pace.wait(this.#options.now());
    if (wait > 0) {
      lane.timer = setTimeout(() => {
        lane.timer = undefined;
        this.#offer(lane);
        this.#pump();
      }, Math.ceil(wait));
      return;
    }
    lane.shift();
    next.go();
    this.#offer(lane);
  }

  #laneOf(route: Route): { readonly lane: Lane; readonly budget: RetryBudget } {
    const { limits, random } = this.#options;
    const account = this.#accountOf(route.account);
    let region = account.regions.get(route.region);
    if (region === undefined) {
      region = { gate: new Gate(limits.region), budget: new RetryBudget(), lanes: new Map() };
      account.regions.set(route.region, region);
    }
    const key = `${route.service} ${route.operation}`;
    let lane = region.lanes.get(key);
    if (lane === undefined) {
      const pace = new Pace({ random, maxWindow: limits.region });
      lane = new Lane(pace, { region: region.gate, account: account.gate }, this.#healthOf(route));
      region.lanes.set(key, lane);
    }
    return { lane, budget: region.budget };
  }

  #healthOf({ service, region }: Route): EndpointHealth {
    const key = `${service} ${region}`;
    const health = this.#health.get(key) ?? new EndpointHealth();
    this.#health.set(key, health);
    return health;
  }

  #accountOf(id: string): Account {
    const known = this.#accounts.get(id);
    const account = known ?? { gate: new Gate(this.#options.limits.account), regions: new Map() };
    this.#accounts.delete(id);
    this.#accounts.set(id, account);
    if (known === undefined && this.#accounts.size > MAX_ACCOUNTS) this.#forgetOldest();
    return account;
  }

  #forgetOldest(): void {
    for (const [id, account] of this.#accounts) {
      const isIdle = [...account.regions.values()].every(({ lanes }) =>
        [...lanes.values()].every((lane) => lane.isIdle),
      );
      if (!isIdle || account.regions.size === 0) continue;
      this.#accounts.delete(id);
      return;
    }
  }
}
