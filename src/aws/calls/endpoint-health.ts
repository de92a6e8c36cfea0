import type { AwsCallError } from "../errors.ts";

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
  #closed: { readonly until: number; readonly error: AwsCallError } | undefined;

  answered(): void {
    this.#unanswered = 0;
    this.#closed = undefined;
  }

  timedOut(error: AwsCallError, now: number): void {
    this.#unanswered += 1;
    if (this.#unanswered >= TOO_MANY) this.#closed = { until: now + CLOSED_MS, error };
  }

  /** What to refuse a request with at once. */
  refusalAt(now: number): AwsCallError | undefined {
    return this.#closed !== undefined && now < this.#closed.until ? this.#closed.error : undefined;
  }
}
