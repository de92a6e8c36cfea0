import type { AwsCallError } from "../errors.ts";
import { Closure } from "./closure.ts";
import type { Gate } from "./lane.ts";

/** Requests in a row that an endpoint leaves unanswered before it is taken for dead. */
const TOO_MANY = 32;
/** How long nothing is asked of a dead endpoint. */
const CLOSED_MS = 60_000;

/**
 * Whether the endpoint of a service in a region answers anybody. One that does not costs each request its whole time:
 * where it is dead, it need not be tried by every account, and hold up the rest of them. While a single account has asked
 * in vain, it is dead for that one alone: no account can close it to another.
 */
export class EndpointHealth {
  #unanswered = 0;
  /** The account that asked in vain; undefined where nobody or several did. */
  #only: Gate | undefined;
  readonly #closure = new Closure();

  answered(): void {
    this.#unanswered = 0;
    this.#closure.open();
  }

  timedOut(account: Gate, error: AwsCallError, now: number): void {
    this.#only = this.#unanswered === 0 || this.#only === account ? account : undefined;
    this.#unanswered += 1;
    if (this.#unanswered >= TOO_MANY) this.#closure.close(error, now + CLOSED_MS);
  }

  /** What to refuse a request with at once. */
  refusalAt(account: Gate, now: number): AwsCallError | undefined {
    const isConcerned = this.#only === undefined || this.#only === account;
    return isConcerned ? this.#closure.refusalAt(now) : undefined;
  }
}
