import { setTimeout as sleep } from "node:timers/promises";

/** The time as what waits and judges ages needs it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since a moment that stays the same; never goes back or leaps. Only differences mean anything. */
  monotonic(): number;
  /** Resolves after `ms`; rejects at once, leaving no timer, when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};
