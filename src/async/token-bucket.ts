/** A bucket of tokens, each of which allows one thing. */
export interface BucketSize {
  /** Tokens that come back in a second; more than 0. */
  readonly perSecond: number;
  /** Tokens that a full bucket holds, at least 1; it is full at first. */
  readonly burst: number;
}

/** Allows so many things at once and so many a second. Times are milliseconds of one clock that never goes back. */
export class TokenBucket {
  readonly #size: BucketSize;
  /** Below 0: tokens that have been promised and are not there yet. */
  #tokens: number;
  #filledMs: number;

  constructor(size: BucketSize, nowMs: number) {
    this.#size = size;
    this.#tokens = size.burst;
    this.#filledMs = nowMs;
  }

  /** How long it takes until there is a token that has not been promised; 0 where there is one. */
  waitMs(nowMs: number): number {
    this.#fill(nowMs);
    return this.#untilMs(1);
  }

  /** Takes a token, be it that it is yet to come; how long it takes until it is there. */
  take(nowMs: number): number {
    this.#fill(nowMs);
    this.#tokens -= 1;
    return this.#untilMs(0);
  }

  #fill(nowMs: number): void {
    const { perSecond, burst } = this.#size;
    this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#filledMs) * perSecond) / 1_000);
    this.#filledMs = nowMs;
  }

  #untilMs(tokens: number): number {
    return Math.max(0, ((tokens - this.#tokens) * 1_000) / this.#size.perSecond);
  }
}
