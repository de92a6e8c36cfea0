import type { AwsCallError } from "../errors.ts";
import { Closure } from "./closure.ts";
import type { EndpointHealth } from "./endpoint-health.ts";
import type { Pace } from "./pace.ts";

/** A bound on the requests under way, shared by lanes. */
export class Gate {
  readonly limit: number;
  inFlight = 0;
  /** Lanes that have something to send and found the gate full. */
  readonly parked = new Set<Lane>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get isFull(): boolean {
    return this.inFlight >= this.limit;
  }
}

/** A request that waits for its turn. */
export interface Waiting {
  /** Set where nobody waits for it any more. */
  isOver: boolean;
  go(): void;
  refuse(error: AwsCallError): void;
}

/** How long a lane that was throttled for good refuses at once what would be throttled too. */
const CLOSED_MS = 20_000;
/** A lane without requests for longer has paused, and what it measured ends there. */
const PAUSE_MS = 1_000;

/** The requests of one operation in one region of one account: AWS counts its quotas so. First come, first served. */
export class Lane {
  readonly pace: Pace;
  /** The bounds of its region and its account. */
  readonly gates: readonly Gate[];
  readonly account: Gate;
  readonly health: EndpointHealth;
  inFlight = 0;
  timer: NodeJS.Timeout | undefined;
  #waiting: Waiting[] = [];
  #idleSince: number | undefined;
  readonly #closure = new Closure();

  constructor(
    pace: Pace,
    { region, account }: { readonly region: Gate; readonly account: Gate },
    health: EndpointHealth,
  ) {
    this.pace = pace;
    this.gates = [region, account];
    this.account = account;
    this.health = health;
  }

  get isIdle(): boolean {
    return this.inFlight === 0 && this.next === undefined;
  }

  /** A request is under way no more. */
  ended(now: number): void {
    this.inFlight -= 1;
    if (this.isIdle) this.#idleSince = now;
  }

  /** The request whose turn it is; it stays in the lane until `shift`. */
  get next(): Waiting | undefined {
    while (this.#waiting[0]?.isOver) this.#waiting.shift();
    return this.#waiting[0];
  }

  /** Adds a request; one that was tried before goes ahead of the others. */
  add(request: Waiting, isRetry: boolean, now: number): void {
    if (this.isIdle && this.#idleSince !== undefined && now - this.#idleSince > PAUSE_MS) this.pace.paused();
    if (isRetry) this.#waiting.unshift(request);
    else this.#waiting.push(request);
  }

  shift(): void {
    this.#waiting.shift();
  }

  /** What to refuse a request with at once, while all would be throttled or have no answer. */
  refusalAt(now: number): AwsCallError | undefined {
    return this.#closure.refusalAt(now) ?? this.health.refusalAt(this.account, now);
  }

  /** Gives up on all that waits: it has been throttled for so long that it would be again. */
  close(error: AwsCallError, now: number): void {
    this.#closure.close(error, now + CLOSED_MS);
    for (const request of this.#waiting.splice(0)) if (!request.isOver) request.refuse(error);
  }
}
