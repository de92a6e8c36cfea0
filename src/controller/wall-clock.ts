/** What the controller makes of a wall clock, which is set forward and back, and stands while a machine sleeps. */

/** Whether less than `ms` have passed since `since`. Not so of a time that is yet to come: the clock was set back. */
export function isWithin(ms: number, since: number, now: number): boolean {
  return now >= since && now - since < ms;
}

export interface WallClockWatchOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds since a moment that stays the same; never goes back or leaps. */
  readonly monotonic: () => number;
  /** The wall clock was set: `byMs` forward, or back where that is negative. */
  onStep(byMs: number): void;
}

/** How late a step is noticed at most. */
const LOOK_MS = 2_000;
/** Less is no step: times of scans are whole seconds. What a clock is slewed by adds up to it all the same. */
const STEP_MS = 1_000;

/**
 * Notices that the wall clock was set, or that the machine has slept: timers go by a clock to which neither happens, so that
 * what is due by the wall clock would come as much too late. Returns what ends it; it keeps no process alive.
 */
export function watchWallClock({ now, monotonic, onStep }: WallClockWatchOptions): () => void {
  let offsetMs = now() - monotonic();
  const timer = setInterval(() => {
    const byMs = now() - monotonic() - offsetMs;
    if (Math.abs(byMs) < STEP_MS) return;
    offsetMs += byMs;
    onStep(byMs);
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
