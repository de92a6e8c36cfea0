import { expect, test } from "vitest";
import { Faults } from "./armed-faults.ts";
import type { FaultRule, FaultTarget } from "./faults.ts";
import { seededRandom } from "./random.ts";

const target: FaultTarget = {
  service: "sagemaker",
  operation: "DescribeNotebookInstance",
  account: "111111111111",
  region: "us-east-1",
  name: "fraud-01",
  hasPageToken: false,
  signedAtMs: 0,
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
  expect(faults.strike(target)).toMatchObject({ latencyMs: 50, ending: { kind: "reset" } });
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

test("a bucket fills as time goes by, one for each account, region and operation", () => {
  let nowMs = 0;
  const faults = new Faults(Math.random, () => nowMs);
  faults.replace([{ kind: "throttle", ratePerSecond: 2, burst: 2 }]);
  const isThrottled = (where: Partial<FaultTarget> = {}) =>
    faults.strike({ ...target, ...where }).ending !== undefined;
  expect([isThrottled(), isThrottled(), isThrottled()]).toEqual([false, false, true]);
  expect(isThrottled({ region: "eu-west-1" })).toBe(false);
  expect(isThrottled({ account: "222222222222" })).toBe(false);
  expect(isThrottled({ operation: "ListTags" })).toBe(false);
  nowMs = 500;
  expect([isThrottled(), isThrottled()]).toEqual([false, true]);
  nowMs = 60_000;
  expect([isThrottled(), isThrottled(), isThrottled()]).toEqual([false, false, true]);
});

test("a signature is refused until it is within five minutes of the skewed clock", () => {
  const faults = faultsOf({ kind: "clock-skew", skewMs: 3_600_000, times: 1 });
  expect(faults.strike(target)).toMatchObject({ clockSkewMs: 3_600_000, ending: { kind: "clock-skew" } });
  const mended = { ...target, signedAtMs: 3_400_000 };
  expect(faults.strike(mended)).toMatchObject({ clockSkewMs: 3_600_000, ending: undefined });
  expect(faults.strike(target)).toMatchObject({ clockSkewMs: 0, ending: undefined });
  expect(faults.list()).toMatchObject([{ hits: 1 }]);
});

test.each(["duplicate", "expire-page-token"] as const)("%s passes first pages over, uncounted", (kind) => {
  const faults = faultsOf({ kind, times: 1 });
  expect(faults.strike(target)).toMatchObject({ pageOverlap: 0, ending: undefined });
  faults.strike({ ...target, hasPageToken: true });
  expect(faults.list()).toMatchObject([{ hits: 1 }]);
});

test.each<[string, unknown, string]>([
  ["no list", {}, "faults is {}, not a list"],
  ["an unknown kind", [{ kind: "boredom" }], 'faults[0].kind: no such fault: "boredom"; there are deny'],
  ["an unknown field", [{ kind: "deny" }, { kind: "hang", acount: "1" }], 'faults[1] has no "acount"'],
  ["a bad number", [{ kind: "latency", latencyMs: "30" }], 'faults[0].latencyMs is "30", not a number'],
  ["a bad chance", [{ kind: "deny", probability: 2 }], "probability is 2, not a number from 0 to 1"],
])("%s is refused with where and what, and nothing changes", (_, rules, message) => {
  const faults = faultsOf({ kind: "hang" });
  expect(() => faults.replace(rules as FaultRule[])).toThrow(message);
  expect(faults.list()).toMatchObject([{ kind: "hang" }]);
});

function faultsOf(...rules: FaultRule[]): Faults {
  const faults = new Faults(Math.random, () => 0);
  faults.replace(rules);
  return faults;
}
