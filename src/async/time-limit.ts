/** What steps that each have a deadline of their own came to all together: too long. */
export class TimeLimitError extends Error {
  override readonly name = "TimeLimitError";
}

/**
 * Bounds the time of many steps, to be asked before each: so that no step is given up half-way, and their sum ends all
 * the same. By a clock that nobody sets.
 */
export class TimeLimit {
  readonly #what: string;
  readonly #ms: number;
  readonly #endMs: number;

  /** `what` names the steps, for the error's message. */
  constructor(what: string, ms: number) {
    this.#what = what;
    this.#ms = ms;
    this.#endMs = performance.now() + ms;
  }

  /** @throws {TimeLimitError} where the time is over. */
  check(): void {
    if (performance.now() < this.#endMs) return;
    throw new TimeLimitError(`${this.#what}: not done within ${this.#ms / 1_000} s`);
  }
}
