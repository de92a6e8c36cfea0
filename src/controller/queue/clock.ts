/** The time as the queue needs it. */
export interface Clock {
  /** Milliseconds since a moment that stays the same; never goes back. Only differences mean anything. */
  now(): number;
  /**
   * Calls `fn` once when `ms` have passed (0 <= ms <= `MAX_TIMER_MS`), unless the function returned here is called
   * before. May fire a little early: who needs to be sure asks `now`.
   */
  setTimer(ms: number, fn: () => void): () => void;
}

/** Node counts timers in 32 bits; a longer one fires after a millisecond instead. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** The machine's monotonic clock, which a correction of the wall clock does not move. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer(ms, fn) {
    // Rounded up: Node would cut off the fraction, and a timer that is early only sets another.
    const timer = setTimeout(fn, Math.ceil(ms));
    return () => clearTimeout(timer);
  },
};
