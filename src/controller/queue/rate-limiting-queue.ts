import { DelayingQueue } from "./delaying-queue.ts";
import type { AddOptions, QueueOptions } from "./queue.ts";
import type { RateLimiter } from "./rate-limiters.ts";

/** A delaying queue whose delays after failures are a rate limiter's. */
export class RateLimitingQueue extends DelayingQueue {
  readonly #limiter: RateLimiter;

  constructor(limiter: RateLimiter, options: QueueOptions = {}) {
    super(options);
    this.#limiter = limiter;
  }

  /** Adds a key that failed, when the limiter allows it. */
  addRateLimited(key: string, options: AddOptions = {}): void {
    this.addAfter(key, this.#limiter.when(key), options);
  }

  /**
   * The key is retried no more: its next failure counts as the first. Call it when the work succeeded or was given
   * up, or the limiter remembers the key forever. `done` is still to be called.
   */
  forget(key: string): void {
    this.#limiter.forget(key);
  }

  /** How often the key has failed since it was last forgotten. */
  numRequeues(key: string): number {
    return this.#limiter.numRequeues(key);
  }
}
