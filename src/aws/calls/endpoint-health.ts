import type { AwsCallError } from "../errors.ts";
import { Closure } from "./closure.ts";

/** Requests in a row that an endpoint leaves unanswered, of whatever account, before it is taken for dead. */
const TOO_MANY = 32;
/** How long nothing is asked of a dead endpoint. */
const CLOSED_MS = 60_000;

/**
 * Whether the endpoint of a service in a region answers anybody. One that does not costs each request its whole time:
 * where it is dead, it need not be tried by every account, and hold up the rest of them.
 */
export class EndpointHealth {
  #unanswered = 0;
  readonly #closure = new Closure();

  answered(): void {
    this.#unanswered = 0;
    this.#closure.open();
  }

  timedOut(error: AwsCallError, now: number): void {
    this.#unanswered += 1;
    if (this.#unanswered >= TOO_MANY) this.#closure.close(error, now + CLOSED_MS);
  }

  /** What to refuse a request with at once. */
  refusalAt(now: number): AwsCallError | undefined {
    return this.#closure.refusalAt(now);
  }
}
