import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isWithin, watchWallClock } from "./wall-clock.ts";

const HOUR = 3_600_000;

describe("watchWallClock", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A wall clock beside the monotonic one; `stop` ends what watches them. */
  function rig() {
    let offsetMs = 0;
    const steps: number[] = [];
    const clock = watchWallClock({
      now: () => performance.now() + offsetMs,
      monotonic: () => performance.now(),
      onStep: (byMs) => steps.push(byMs),
    });
    return { steps, clock, set: (byMs: number) => (offsetMs += byMs) };
  }

  it("tells once of a clock that was set forward, and of one that was set back", () => {
    const { steps, set } = rig();
    vi.advanceTimersByTime(HOUR);
    set(HOUR);
    vi.advanceTimersByTime(HOUR);
    set(-2 * HOUR);
    vi.advanceTimersByTime(HOUR);
    expect(steps).toEqual([HOUR, -2 * HOUR]);
  });

  it("lets a clock be slewed, and tells of what that adds up to", () => {
    const { steps, set } = rig();
    for (let at = 0; at < 12; at++) {
      set(100);
      vi.advanceTimersByTime(HOUR);
    }
    expect(steps).toEqual([1_000]);
  });

  it("tells of a clock that is right again at the next look, where it was read in between", () => {
    const { steps, set, clock } = rig();
    set(HOUR);
    expect(clock.now()).toBe(performance.now() + HOUR);
    set(-HOUR);
    vi.advanceTimersByTime(HOUR);
    expect(steps).toEqual([HOUR, -HOUR]);
  });

  it("looks no more when it is ended", () => {
    const { steps, set, clock } = rig();
    clock.stop();
    set(HOUR);
    vi.advanceTimersByTime(HOUR);
    clock.now();
    expect(steps).toEqual([]);
  });
});

describe("isWithin", () => {
  it.each([
    [true, 100, 100],
    [true, 100, 109],
    [false, 100, 110],
    // The clock was set back.
    [false, 100, 99],
  ])("is %s of what was at %i, at %i", (expected, since, now) => {
    expect(isWithin(10, since, now)).toBe(expected);
  });
});
