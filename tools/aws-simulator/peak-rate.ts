const SECOND_MS = 1000;

/** The most that came within one second, wherever that second begins. */
export class PeakRate {
  /** What came in the last second, from `#head` on. */
  #times: number[] = [];
  #head = 0;
  #peak = 0;

  get peak(): number {
    return this.#peak;
  }

  /** Counts one; times are milliseconds and do not go backwards. */
  add(timeMs: number): void {
    const times = this.#times;
    times.push(timeMs);
    while ((times[this.#head] ?? timeMs) <= timeMs - SECOND_MS) this.#head++;
    this.#peak = Math.max(this.#peak, times.length - this.#head);
    // In bulk, since taking off the front of an array costs its length.
    if (this.#head > 64 && this.#head * 2 > times.length) {
      this.#times = times.slice(this.#head);
      this.#head = 0;
    }
  }
}
