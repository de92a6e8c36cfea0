import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pace } from "./pace.ts";

/** Sends `calls` requests, `atOnce` of them under way at a time, through a token bucket; answers take `latencyMs`. */
function through(quota: { rate: number; burst: number }, calls: number, atOnce = 64, latencyMs = 30) {
  const pace = new Pace({ random: () => 0.5, maxWindow: atOnce });
  let tokens = quota.burst;
  let filledAt = 0;
  let now = 0;
  let admitted = 0;
  let throttled = 0;
  const answers: { at: number; sentAt: number; ok: boolean }[] = [];
  while (admitted < calls) {
    const next = answers[0];
    const free = answers.length < pace.window && admitted + answers.length < calls;
    if (free && (next === undefined || now + pace.wait(now) <= next.at)) {
      now += pace.wait(now);
      pace.sent(now);
      tokens = Math.min(quota.burst, tokens + ((now - filledAt) / 1_000) * quota.rate);
      filledAt = now;
      const ok = tokens >= 1;
      if (ok) tokens -= 1;
      answers.push({ at: now + latencyMs, sentAt: now, ok });
      continue;
    }
    const answer = answers.shift();
    if (answer === undefined) throw new Error("nothing is under way");
    now = Math.max(now, answer.at);
    if (answer.ok) {
      admitted += 1;
      pace.admitted(now);
    } else {
      throttled += 1;
      pace.throttled(answer.sentAt, now);
    }
  }
  const floorMs = (1_000 * Math.max(0, calls - quota.burst)) / quota.rate;
  return { used: floorMs / now, throttledShare: throttled / (admitted + throttled), now };
}

describe("Pace", () => {
  it.each([
    [5, 5, 300],
    [20, 20, 300],
    [20, 20, 3_000],
    [20, 100, 3_000],
    [100, 20, 3_000],
  ])("uses a quota of %d/s with a burst of %d, and bothers it little (%d calls)", (rate, burst, calls) => {
    const { used, throttledShare } = through({ rate, burst }, calls);
    expect(used).toBeGreaterThan(0.9);
    expect(throttledShare).toBeLessThan(0.05);
  });

  it("holds nothing back while nothing is throttled", () => {
    const pace = new Pace({ random: () => 0, maxWindow: 64 });
    for (let at = 0; at < 1_000; at++) {
      expect(pace.wait(at / 100)).toBe(0);
      pace.sent(at / 100);
      pace.admitted(at / 100);
    }
  });

  it("waits ever longer while everything is throttled", () => {
    const pace = new Pace({ random: () => 0, maxWindow: 64 });
    const waits: number[] = [];
    for (let now = 0; waits.length < 6; ) {
      pace.sent(now);
      pace.throttled(now, now + 10);
      waits.push(pace.wait(now + 10));
      now += 10 + pace.wait(now + 10);
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBeGreaterThan(5_000);
    expect(pace.strikes).toBe(6);
  });

  it("does what the service says of when to come back", () => {
    const pace = new Pace({ random: () => 0, maxWindow: 64 });
    pace.sent(0);
    pace.throttled(0, 10, 7_000);
    expect(pace.wait(10)).toBe(7_000);
  });

  it("takes throttled calls that went out together for one word", () => {
    const pace = new Pace({ random: () => 0, maxWindow: 64 });
    for (let at = 0; at < 20; at++) pace.sent(0);
    for (let at = 0; at < 20; at++) pace.throttled(0, 30 + at);
    expect(pace.strikes).toBe(1);
  });

  it("does not take a pause for a slow quota", () => {
    const pace = new Pace({ random: () => 0, maxWindow: 64 });
    for (let at = 0; at < 20; at++) {
      pace.sent(at);
      pace.admitted(at);
    }
    pace.sent(20);
    pace.throttled(20, 50);
    const before = pace.wait(50);
    pace.paused();
    pace.sent(3_600_000);
    pace.throttled(3_600_000, 3_600_030);
    expect(pace.wait(3_600_030)).toBeLessThanOrEqual(before + 1);
  });

  it("gets through any token bucket", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 100 }),
        (rate, seconds, latencyMs) => {
          const { used, throttledShare } = through({ rate, burst: rate * seconds }, 2_000, 64, latencyMs);
          expect(throttledShare).toBeLessThan(0.1);
          expect(used).toBeGreaterThan(0.5);
        },
      ),
    );
  });
});
