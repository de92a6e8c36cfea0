import { expect, it } from "vitest";
import { leaseTimingProblem } from "./lease-timing.ts";

const timing = (leaseDurationMs: number, renewDeadlineMs: number, retryPeriodMs: number) => ({
  leaseDurationMs,
  renewDeadlineMs,
  retryPeriodMs,
});

it("takes three times that fit each other", () => {
  expect(leaseTimingProblem(timing(15_000, 10_000, 2_000))).toBeUndefined();
  expect(leaseTimingProblem(timing(2_000, 1_300, 1_000))).toBeUndefined();
});

it.each([
  timing(10_000, 10_000, 2_000),
  timing(15_000, 2_400, 2_000),
  timing(15_000, 10_000, 0),
  timing(Number.NaN, 10_000, 2_000),
])("tells all three where they do not: %j", (each) => {
  const problem = leaseTimingProblem(each);
  for (const ms of Object.values(each)) expect(problem).toContain(`(${ms / 1_000}s)`);
  expect(problem).toContain("such as 15s, 10s and 2s");
});
