import { type BucketSize, TokenBucket } from "../../async/token-bucket.ts";
import type { Clock } from "./clock.ts";

/** Decides how long a key waits before it is tried again. */
export interface RateLimiter {
  /** How long to wait now, in milliseconds, 0 or more. Counts as a failure of the key. */
  when(key: string): number;
  /** The key is tried no more, be it that it succeeded or that it is given up: nothing of it is kept. */
  forget(key: string): void;
  /** Failures since the key was last forgotten. */
  numRequeues(key: string): number;
}

export interface ExponentialOptions {
  /** The longest wait after a first failure, more than 0; each further one doubles it. */
  readonly baseMs: number;
  /** No wait is longer. */
  readonly maxMs: number;
  /**
   * In [0, 1). Where it is given, a wait is anything between 0 and its full length (AWS calls this full jitter), so
   * that keys which failed together do not come back together.
   */
  readonly random?: () => number;
}

/** Each key for itself, twice as long with every failure. Keeps a number a key until it is forgotten: do forget. */
export class ItemExponentialFailureRateLimiter implements RateLimiter {
  readonly #options: ExponentialOptions;
  readonly #failures = new Map<string, number>();

  constructor(options: ExponentialOptions) {
    this.#options = options;
  }

  when(key: string): number {
    const { baseMs, maxMs, random } = this.#options;
    const failures = this.numRequeues(key);
    this.#failures.set(key, failures + 1);
    const wholeMs = Math.min(maxMs, baseMs * 2 ** failures);
    return random === undefined ? wholeMs : wholeMs * random();
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }

  numRequeues(key: string): number {
    return this.#failures.get(key) ?? 0;
  }
}

export interface BucketOptions extends BucketSize {
  readonly clock: Clock;
}

/** All keys together: each try takes a token, and waits for it in turn where there is none left. */
export class BucketRateLimiter implements RateLimiter {
  readonly #clock: Clock;
  readonly #bucket: TokenBucket;

  constructor({ clock, ...size }: BucketOptions) {
    this.#clock = clock;
    this.#bucket = new TokenBucket(size, clock.now());
  }

  when(): number {
    return this.#bucket.take(this.#clock.now());
  }

  /** Does nothing: a token once taken is spent. */
  forget(): void {}

  /** Always 0: a bucket knows no keys. */
  numRequeues(): number {
    return 0;
  }
}

/** Asks several limiters, and waits as long as the strictest wants. */
export class MaxOfRateLimiter implements RateLimiter {
  readonly #limiters: readonly RateLimiter[];

  constructor(...limiters: readonly RateLimiter[]) {
    this.#limiters = limiters;
  }

  when(key: string): number {
    return Math.max(0, ...this.#limiters.map((limiter) => limiter.when(key)));
  }

  forget(key: string): void {
    for (const limiter of this.#limiters) limiter.forget(key);
  }

  numRequeues(key: string): number {
    return Math.max(0, ...this.#limiters.map((limiter) => limiter.numRequeues(key)));
  }
}
