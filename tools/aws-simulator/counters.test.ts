import { expect, test } from "vitest";
import { RequestCounters } from "./counters.ts";
import type { Counted } from "./tallies.ts";

const list: Counted = {
  service: "sagemaker",
  operation: "ListDomains",
  account: "111111111111",
  region: "us-east-1",
  isUnknown: false,
};
const elsewhere: Counted = { ...list, region: "eu-west-1" };
const write: Counted = { ...list, operation: "DeleteDomain", isUnknown: true };

test("requests are counted by what is asked, and grouped as one likes", () => {
  const counters = new RequestCounters();
  for (const counted of [list, list, elsewhere, write]) visit(counters, counted, 0, "success");
  visit(counters, elsewhere, 5_000, "ThrottlingException");
  expect(counters.totals()).toEqual({
    total: 5,
    mutations: 1,
    unknownOperations: 1,
    operations: {
      "sagemaker:ListDomains": { success: 3, ThrottlingException: 1 },
      "sagemaker:DeleteDomain": { success: 1 },
    },
    peakPerSecond: { "sagemaker:ListDomains": 3, "sagemaker:DeleteDomain": 1 },
    maxConcurrent: 1,
  });
  const one = { maxConcurrent: 1, peakPerSecond: 1 };
  expect(counters.groups(["account", "region"])).toEqual([
    {
      account: "111111111111",
      region: "eu-west-1",
      total: 2,
      outcomes: { success: 1, ThrottlingException: 1 },
      ...one,
    },
    {
      account: "111111111111",
      region: "us-east-1",
      total: 3,
      outcomes: { success: 3 },
      ...one,
      peakPerSecond: 2,
    },
  ]);
  expect(counters.groups(["operation"]).map(({ operation, total }) => [operation, total])).toEqual([
    ["sagemaker:DeleteDomain", 1],
    ["sagemaker:ListDomains", 4],
  ]);
});

test("the most under way at one time is told for each region of an account, also after clearing", () => {
  const counters = new RequestCounters();
  const here = [list, write].map((counted) => arrive(counters, counted));
  const there = arrive(counters, elsewhere);
  expect(counters.totals().maxConcurrent).toBe(3);
  counters.leave(there);
  counters.clear();
  expect(counters.totals()).toMatchObject({ total: 0, maxConcurrent: 2, peakPerSecond: {} });
  arrive(counters, elsewhere);
  for (const each of here) counters.end(each, list, "success");
  const told = counters.groups(["region"]).map(({ region, maxConcurrent }) => [region, maxConcurrent]);
  expect(told).toEqual([
    ["eu-west-1", 1],
    ["us-east-1", 2],
  ]);
});

test("an unknown grouping is refused", () => {
  expect(() => new RequestCounters().groups(["colour"])).toThrow('cannot be grouped by "colour"');
});

function arrive(counters: RequestCounters, counted: Counted, timeMs = 0) {
  const entered = counters.enter();
  counters.arrive(entered, counted, timeMs);
  return entered;
}

function visit(counters: RequestCounters, counted: Counted, timeMs: number, outcome: string): void {
  const entered = arrive(counters, counted, timeMs);
  counters.end(entered, counted, outcome);
  counters.leave(entered);
}
