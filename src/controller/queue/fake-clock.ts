import { type Clock, MAX_TIMER_MS } from "./clock.ts";

interface Timer {
  readonly atMs: number;
  readonly fn: () => void;
}

/** For tests: a clock that stands until it is stepped. Begins at 0. */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  #nowMs = 0;
  #fired = 0;

  now(): number {
    return this.#nowMs;
  }

  /** @throws {RangeError} for a length that Node's timers would not keep. */
  setTimer(ms: number, fn: () => void): () => void {
    if (!(ms >= 0 && ms <= MAX_TIMER_MS)) throw new RangeError(`setTimer: no timer lasts ${ms} ms`);
    const timer = { atMs: this.#nowMs + ms, fn };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that are set now. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Timers that have fired so far. */
  get fired(): number {
    return this.#fired;
  }

  /** Lets `ms` pass, firing what is due on the way, each at its own time. */
  step(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#timers.delete(next);
      this.#nowMs = next.atMs;
      this.#fired += 1;
      next.fn();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.atMs <= untilMs && (first === undefined || timer.atMs < first.atMs)) first = timer;
    }
    return first;
  }
}
