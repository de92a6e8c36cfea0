import { onAbort } from "../async/on-abort.ts";
import { TokenBucket } from "../async/token-bucket.ts";

/** How many requests may be made, as client-go has it. */
export interface RateLimit {
  /** Requests a second that may go on and on; more than 0. */
  readonly qps: number;
  /** Requests that may go at once after a pause; at least 1. */
  readonly burst: number;
}

/** Spares the API server: requests beyond the limit wait in the order in which they came. */
export class RequestLimiter {
  readonly #bucket: TokenBucket;
  /** In the order of their turns. */
  readonly #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ qps, burst }: RateLimit) {
    this.#bucket = new TokenBucket({ perSecond: qps, burst }, performance.now());
  }

  /** Resolves when a request may go. Where `signal` aborts before, rejects with its reason and takes nobody's turn. */
  turn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const go = () => {
        stay();
        resolve();
      };
      const stay = onAbort(signal, () => {
        this.#waiting.delete(go);
        reject(signal.reason);
      });
      this.#waiting.add(go);
      if (this.#timer === undefined) this.#release();
    });
  }

  /** Lets go who may, and sees to it that the next one is. */
  #release(): void {
    this.#timer = undefined;
    for (const go of this.#waiting) {
      const waitMs = this.#bucket.waitMs(performance.now());
      if (waitMs > 0) {
        // Rounded up, as Node's timers cut off the fraction.
        this.#timer = setTimeout(() => this.#release(), Math.ceil(waitMs));
        return;
      }
      this.#bucket.take(performance.now());
      this.#waiting.delete(go);
      go();
    }
  }
}
