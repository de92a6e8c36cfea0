/** How delays between attempts grow. */
export interface BackoffOptions {
  /** The longest first delay. */
  readonly initialMs: number;
  /** No delay is longer. */
  readonly maxMs: number;
}

/**
 * Delays that double with each failure in a row. Each is jittered between half and the whole of its length, so that
 * the operators that one API server's restart has cut off do not all return at once.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #random: () => number;
  #failures = 0;

  constructor(options: BackoffOptions, random: () => number) {
    this.#options = options;
    this.#random = random;
  }

  /** Failures since the last success. */
  get failures(): number {
    return this.#failures;
  }

  /** Counts a failure and tells how long to wait after it. */
  next(): number {
    const { initialMs, maxMs } = this.#options;
    const wholeMs = Math.min(maxMs, initialMs * 2 ** this.#failures);
    this.#failures += 1;
    return wholeMs * (0.5 + this.#random() / 2);
  }

  /** A success: the next failure waits as if it were the first. */
  reset(): void {
    this.#failures = 0;
  }
}
