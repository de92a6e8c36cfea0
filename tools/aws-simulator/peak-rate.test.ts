import { expect, test } from "vitest";
import { PeakRate } from "./peak-rate.ts";

function peakOf(times: readonly number[]): number {
  const rate = new PeakRate();
  for (const time of times) rate.add(time);
  return rate.peak;
}

test("the busiest second is found wherever it begins", () => {
  expect(peakOf([])).toBe(0);
  expect(peakOf([0, 700, 1_300, 1_600, 1_699, 2_400])).toBe(4);
  expect(peakOf([0, 1_000, 2_000])).toBe(1);
});

test("a long even stream peaks at its rate", () => {
  expect(peakOf(Array.from({ length: 10_000 }, (_, at) => at * 10))).toBe(100);
});
