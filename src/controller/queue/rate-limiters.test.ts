import { describe, expect, it } from "vitest";
import { FakeClock } from "./fake-clock.ts";
import {
  BucketRateLimiter,
  ItemExponentialFailureRateLimiter,
  MaxOfRateLimiter,
  type RateLimiter,
} from "./rate-limiters.ts";

function waits(limiter: RateLimiter, key: string, times: number): number[] {
  return Array.from({ length: times }, () => limiter.when(key));
}

describe("ItemExponentialFailureRateLimiter", () => {
  it("doubles up to its limit, each key for itself", () => {
    const limiter = new ItemExponentialFailureRateLimiter({ baseMs: 5, maxMs: 60 });
    expect(waits(limiter, "a", 6)).toEqual([5, 10, 20, 40, 60, 60]);
    expect(limiter.when("b")).toBe(5);
    expect(limiter.numRequeues("a")).toBe(6);
  });

  it("begins anew with a forgotten key", () => {
    const limiter = new ItemExponentialFailureRateLimiter({ baseMs: 5, maxMs: 60 });
    waits(limiter, "a", 3);
    limiter.forget("a");
    expect(limiter.numRequeues("a")).toBe(0);
    expect(limiter.when("a")).toBe(5);
  });

  it("stays at its limit however often a key fails", () => {
    const limiter = new ItemExponentialFailureRateLimiter({ baseMs: 5, maxMs: 60 });
    expect(waits(limiter, "a", 2_000).at(-1)).toBe(60);
  });

  it("jitters between nothing and the full length", () => {
    const randoms = [0, 0.5, 0.75];
    const limiter = new ItemExponentialFailureRateLimiter({
      baseMs: 100,
      maxMs: 1_000,
      random: () => randoms.shift() ?? 0,
    });
    expect(waits(limiter, "a", 3)).toEqual([0, 100, 300]);
  });
});

describe("BucketRateLimiter", () => {
  it("lets a burst through, then makes everybody wait in turn", () => {
    const limiter: RateLimiter = new BucketRateLimiter({ perSecond: 10, burst: 2, clock: new FakeClock() });
    expect([...waits(limiter, "a", 2), ...waits(limiter, "b", 2)]).toEqual([0, 0, 100, 200]);
  });

  it("fills up with time, to its burst and not beyond", () => {
    const clock = new FakeClock();
    const limiter: RateLimiter = new BucketRateLimiter({ perSecond: 10, burst: 2, clock });
    waits(limiter, "a", 3);
    clock.step(200);
    expect(waits(limiter, "a", 2)).toEqual([0, 100]);
    clock.step(60_000);
    expect(waits(limiter, "a", 3)).toEqual([0, 0, 100]);
  });

  it("does not count failures, and gives no token back", () => {
    const limiter: RateLimiter = new BucketRateLimiter({ perSecond: 10, burst: 1, clock: new FakeClock() });
    limiter.when("a");
    limiter.forget("a");
    expect(limiter.numRequeues("a")).toBe(0);
    expect(limiter.when("a")).toBe(100);
  });
});

describe("MaxOfRateLimiter", () => {
  it("waits as long as the strictest wants, and asks them all", () => {
    const limiter = new MaxOfRateLimiter(
      new ItemExponentialFailureRateLimiter({ baseMs: 40, maxMs: 1_000 }),
      new BucketRateLimiter({ perSecond: 10, burst: 1, clock: new FakeClock() }),
    );
    expect([limiter.when("a"), limiter.when("a"), limiter.when("b")]).toEqual([40, 100, 200]);
    expect(limiter.numRequeues("a")).toBe(2);
    limiter.forget("a");
    expect(limiter.numRequeues("a")).toBe(0);
  });
});
