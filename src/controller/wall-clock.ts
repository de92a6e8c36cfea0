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

/** The wall clock, of which somebody who reads it notices at once that it was set. */
export interface WallClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Nobody is told of steps any more. */
  stop(): void;
}

/** How late a step is noticed at most, where nobody reads the clock. */
const LOOK_MS = 2_000;
/** Less is no step: times of scans are whole seconds. What a clock is slewed by adds up to it all the same. */
const STEP_MS = 1_000;

/**
 * Notices that the wall clock was set, or that the machine has slept: timers go by a clock to which neither happens, so that
 * what is due by the wall clock would come as much too late. What was decided by a clock that is right again before anybody
 * looks would stay so: therefore each reading is a look. Keeps no process alive.
 */
export function watchWallClock({ now, monotonic, onStep }: WallClockWatchOptions): WallClock {
  let offsetMs = now() - monotonic();
  let isOver = false;
  const look = () => {
    const at = now();
    const byMs = at - monotonic() - offsetMs;
    if (Math.abs(byMs) >= STEP_MS && !isOver) {
      offsetMs += byMs;
      onStep(byMs);
    }
    return at;
  };
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return {
    now: look,
    stop() {
      isOver = true;
      clearInterval(timer);
    },
  };
}
