import { describe, expect, it } from "vitest";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import type { ScanFacts } from "../report/record.ts";
import { ageing, planOf } from "./plan.ts";

const HOUR = 3_600_000;
const at = (time: string) => Date.parse(time);
const START = "2026-01-01T00:00:00Z";

const facts: ScanFacts = {
  id: "1",
  trigger: "Scheduled",
  generation: 1,
  scopeDigest: "",
  startTime: START,
  completionTime: "2026-01-01T00:01:00Z",
  outcome: "Complete",
  consecutiveFailures: 0,
};

function plan(spec: AwsAccountScan["spec"]) {
  const metadata = {
    name: "x",
    namespace: "y",
    uid: "z",
    resourceVersion: "1",
    generation: 1,
    creationTimestamp: START,
  };
  return planOf({ metadata, spec } as AwsAccountScan, HOUR);
}

const exemption = (expiresAt?: string) => ({
  name: "e",
  reason: "r",
  match: { names: ["*"] },
  ...(expiresAt && { expiresAt }),
});

describe("planOf", () => {
  it.each([
    [{ schedule: "61 * * * *" }, "InvalidSchedule"],
    [{ schedule: "0 2 * * *", timeZone: "Mars/Olympus" }, "InvalidSchedule"],
    [{ rules: { include: ["SageMaker-999"] } }, "UnknownRule"],
  ])("stalls on %j", (spec, reason) => {
    expect(plan(spec).stalled?.reason).toBe(reason);
  });
});

describe("ageing", () => {
  it("is due as soon as an exemption ends, however rare the schedule", () => {
    const monthly = plan({
      schedule: "0 0 1 * *",
      exemptions: [exemption("2026-01-03T00:00:00Z"), exemption()],
    });
    expect(ageing(monthly, facts, at("2026-01-02T00:00:00Z"))).toMatchObject({
      nextScanAt: at("2026-01-03T00:00:00Z"),
      exemptionExpired: false,
      changesAt: at("2026-01-03T00:00:00Z"),
    });
  });

  it("tells that an exemption has ended, of a suspended scan too", () => {
    const suspended = plan({ suspend: true, exemptions: [exemption("2026-01-03T00:00:00Z")] });
    expect(ageing(suspended, facts, at("2026-01-03T00:00:00Z"))).toMatchObject({
      nextScanAt: undefined,
      exemptionExpired: true,
    });
  });

  it("turns stale when the next scan should have ended long ago, suspended or not", () => {
    for (const suspend of [false, true]) {
      const hourly = plan({ interval: "1h", suspend });
      const { stale, changesAt } = ageing(hourly, facts, at("2026-01-01T01:30:00Z"));
      expect(stale).toBe(false);
      expect(ageing(hourly, facts, changesAt ?? 0)).toMatchObject({ stale: true, changesAt: undefined });
      expect(changesAt).toBeLessThan(at("2026-01-01T02:30:00Z"));
    }
  });

  it("knows no next time where the last scan is yet to come, and calls it stale where it is far from now either way", () => {
    const hourly = plan({ interval: "1h" });
    const nearly = at("2025-12-31T22:30:00Z");
    expect(ageing(hourly, facts, nearly)).toMatchObject({ nextScanAt: undefined, stale: false });
    const long = ageing(hourly, facts, at("2025-01-01T00:00:00Z"));
    expect(long).toMatchObject({ nextScanAt: undefined, stale: true });
    expect(ageing(hourly, facts, long.changesAt ?? 0).stale).toBe(false);
    const suspended = plan({ interval: "1h", suspend: true });
    expect(ageing(suspended, facts, at("2025-01-01T00:00:00Z"))).toMatchObject({ stale: true });
  });

  it("says nothing of a scan that has not run", () => {
    expect(ageing(plan({}), undefined, at(START))).toMatchObject({ nextScanAt: undefined, stale: false });
  });
});
