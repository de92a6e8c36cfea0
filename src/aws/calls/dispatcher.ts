import { onAbort } from "../../async/on-abort.ts";
import type { AwsCallError } from "../errors.ts";
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
  /** Times in a row that throttling slows a lane down, each wait twice the last, after which it gives up. */
  readonly maxStrikes: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly random: () => number;
}

/** What came of a request, as far as the next ones are concerned. */
export type Answer =
  | { readonly kind: "answered" }
  /** No answer within the time, or no connection. */
  | { readonly kind: "unanswered" }
  | { readonly kind: "throttled"; readonly error: AwsCallError; readonly retryAfterMs: number };

/** Leave to send one request. */
export interface Turn {
  /** Shared by the requests to the same region of the same account. */
  readonly budget: RetryBudget;
  /** To be called once, when the request is over. */
  end(answer: Answer): void;
}

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
 * others. Lanes take turns, so that neither a slow region nor a large account holds up the rest.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #process: Gate;
  /** In the order in which they were last asked for. */
  readonly #accounts = new Map<string, Account>();
  /** Lanes that may have something to send, in the order of their turns. */
  readonly #ready = new Set<Lane>();

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#process = new Gate(options.limits.process);
  }

  /**
   * Resolves when the request may be sent. Rejects with the signal's reason, or with the `AwsCallError` of the lane
   * where everything was throttled for long.
   */
  turn(route: Route, signal: AbortSignal, isRetry: boolean): Promise<Turn> {
    const { lane, budget } = this.#laneOf(route);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const refusal = lane.refusalAt(this.#options.now());
      if (refusal !== undefined) return reject(refusal);
      const request: Waiting = {
        isOver: false,
        go: () => {
          stay();
          resolve(this.#begin(lane, budget));
        },
        refuse: (error) => {
          stay();
          reject(error);
        },
      };
      const stay = onAbort(signal, () => {
        request.isOver = true;
        reject(signal.reason);
      });
      lane.add(request, isRetry, this.#options.now());
      this.#ready.add(lane);
      this.#pump();
    });
  }

  #begin(lane: Lane, budget: RetryBudget): Turn {
    const sentAt = this.#options.now();
    for (const gate of lane.gates) gate.inFlight += 1;
    lane.inFlight += 1;
    lane.pace.sent(sentAt);
    return { budget, end: (answer) => this.#end(lane, sentAt, answer) };
  }

  #end(lane: Lane, sentAt: number, answer: Answer): void {
    const now = this.#options.now();
    if (answer.kind === "throttled") {
      lane.pace.throttled(sentAt, now, answer.retryAfterMs);
      if (lane.pace.strikes >= this.#options.maxStrikes) lane.close(answer.error, now);
    } else if (answer.kind === "unanswered") {
      lane.pace.unanswered();
    } else {
      lane.pace.admitted(now);
    }
    lane.ended(now);
    for (const gate of lane.gates) {
      gate.inFlight -= 1;
      if (gate.parked.size === 0) continue;
      for (const parked of gate.parked) this.#ready.add(parked);
      gate.parked.clear();
    }
    this.#ready.add(lane);
    this.#pump();
  }

  #pump(): void {
    for (const lane of this.#ready) {
      if (this.#process.isFull) return;
      this.#ready.delete(lane);
      this.#advance(lane);
    }
  }

  /** Sends the lane's next request where it may go, else leaves the lane to whatever will let it. */
  #advance(lane: Lane): void {
    const { next } = lane;
    if (next === undefined) return;
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
        this.#ready.add(lane);
        this.#pump();
      }, Math.ceil(wait));
      return;
    }
    lane.shift();
    next.go();
    this.#ready.add(lane);
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
      lane = new Lane(new Pace({ random, maxWindow: limits.region }), [
        region.gate,
        account.gate,
        this.#process,
      ]);
      region.lanes.set(key, lane);
    }
    return { lane, budget: region.budget };
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
