import { expect, it } from "vitest";
import { Backoff } from "./backoff.ts";

const OPTIONS = { initialMs: 100, maxMs: 500 };

it("delays double up to the maximum, and begin again after a success", () => {
  const backoff = new Backoff(OPTIONS, () => 1);
  expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([100, 200, 400, 500, 500]);
  expect(backoff.failures).toBe(5);
  backoff.reset();
  expect(backoff.failures).toBe(0);
  expect(backoff.next()).toBe(100);
});

it("jitter takes off up to a half", () => {
  const backoff = new Backoff(OPTIONS, () => 0);
  expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([50, 100, 200, 250, 250]);
});

it("a thousand failures still wait no longer than the maximum", () => {
  const backoff = new Backoff(OPTIONS, () => 1);
  for (let failure = 0; failure < 2_000; failure += 1) expect(backoff.next()).toBeLessThanOrEqual(500);
});
