import { describe, expect, it } from "vitest";
import { NOTEBOOK_INSTANCE } from "../rules/resource.ts";
import { withOwnTimes, withoutOwnTimes } from "./observed.ts";
import type { RecordedFinding, ScanRecord } from "./record.ts";

const scan: ScanRecord["scan"] = {
  id: "1",
  trigger: "Scheduled",
  generation: 1,
  scopeDigest: "",
  startTime: "2026-01-02T00:00:00Z",
  completionTime: "2026-01-02T00:01:00Z",
  outcome: "Complete",
  consecutiveFailures: 0,
};

const finding = (facts: Partial<RecordedFinding>): RecordedFinding => ({
  rule: "SageMaker-004",
  verdict: "violation",
  arn: "arn:aws:sagemaker:us-east-1:111111111111:notebook-instance/n",
  type: NOTEBOOK_INSTANCE,
  account: "111111111111",
  region: "us-east-1",
  name: "n",
  reason: "DirectInternetAccessEnabled",
  message: "",
  evidence: { DirectInternetAccess: "Enabled" },
  ...facts,
});

/** The finding as the next process finds it. */
function restored(facts: Partial<RecordedFinding>): RecordedFinding | undefined {
  return withOwnTimes({ scan, findings: withoutOwnTimes({ scan, findings: [finding(facts)] }) })[0];
}

describe("a record that is stored", () => {
  it("holds no time of the scan itself, so that the next one stores the same", () => {
    const [first, second] = ["2026-01-02T00:00:00Z", "2026-01-02T00:00:59Z"].map((observedTime) =>
      withoutOwnTimes({ scan, findings: [finding({ observedTime })] }),
    );
    expect(first).toEqual(second);
  });

  it("keeps when an earlier scan read what this one took from memory", () => {
    expect(restored({ observedTime: "2026-01-01T12:00:00Z" })?.observedTime).toBe("2026-01-01T12:00:00Z");
  });

  it("comes back no fresher than it was: with the beginning of its scan", () => {
    expect(restored({ observedTime: "2026-01-02T00:00:30Z" })?.observedTime).toBe(scan.startTime);
  });

  it("comes back without a time where nothing was read", () => {
    expect(restored({ verdict: "unknown", evidence: {} })).not.toHaveProperty("observedTime");
  });
});
