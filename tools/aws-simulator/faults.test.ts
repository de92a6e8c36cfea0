import { expect, test } from "vitest";
import { type FaultRule, Faults, type FaultTarget } from "./faults.ts";
import { seededRandom } from "./random.ts";

const target: FaultTarget = {
  service: "sagemaker",
  operation: "DescribeNotebookInstance",
  account: "111111111111",
  region: "us-east-1",
  name: "fraud-01",
  hasPageToken: false,
};

test.each<[string, Partial<FaultRule>, boolean]>([
  ["everything", {}, true],
  ["the service", { service: "sagemaker" }, true],
  ["another service", { service: "sts" }, false],
  ["another operation of the service", { service: "sagemaker", operation: "ListTags" }, false],
  ["the account and another region", { account: "111111111111", region: "eu-west-1" }, false],
  ["the name", { name: "fraud-01" }, true],
  ["the beginning of the name", { name: "fraud-*" }, true],
  ["a name whose dots are no wildcards", { name: "fraud.01" }, false],
])("a rule for %s strikes or not", (_, where, strikes) => {
  const faults = faultsOf({ kind: "error500", ...where });
  expect(faults.strike(target).ending !== undefined).toBe(strikes);
});

test("latencies add up before the rule that ends the request", () => {
  const faults = faultsOf(
    { kind: "latency", latencyMs: 20 },
    { kind: "latency", latencyMs: 30 },
    { kind: "reset" },
    { kind: "latency", latencyMs: 1000 },
  );
  expect(faults.strike(target)).toEqual({ latencyMs: 50, pageLimit: undefined, ending: { kind: "reset" } });
});

test("what strikes by chance strikes the same requests for the same seed", () => {
  const struck = (seed: number) => {
    const faults = new Faults(seededRandom(seed), () => 0);
    faults.replace([{ kind: "throttle", probability: 0.3 }]);
    return Array.from({ length: 200 }, () => faults.strike(target).ending !== undefined);
  };
  expect(struck(1)).toEqual(struck(1));
  expect(struck(1)).not.toEqual(struck(2));
  const count = struck(1).filter(Boolean).length;
  expect(count).toBeGreaterThan(30);
  expect(count).toBeLessThan(90);
});

test("a bucket fills as time goes by, one for each account and region", () => {
  let nowMs = 0;
  const faults = new Faults(Math.random, () => nowMs);
  faults.replace([{ kind: "throttle", ratePerSecond: 2, burst: 2 }]);
  const isThrottled = (region = "us-east-1") => faults.strike({ ...target, region }).ending !== undefined;
  expect([isThrottled(), isThrottled(), isThrottled()]).toEqual([false, false, true]);
  expect(isThrottled("eu-west-1")).toBe(false);
  nowMs = 500;
  expect([isThrottled(), isThrottled()]).toEqual([false, true]);
  nowMs = 60_000;
  expect([isThrottled(), isThrottled(), isThrottled()]).toEqual([false, false, true]);
});

function faultsOf(...rules: FaultRule[]): Faults {
  const faults = new Faults(Math.random, () => 0);
  faults.replace(rules);
  return faults;
}
