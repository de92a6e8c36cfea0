import { describe, expect, it } from "vitest";
import { type ConditionClaim, withTransitionTimes } from "./conditions.ts";

const ready: ConditionClaim = { type: "Ready", status: "True", reason: "Succeeded", message: "" };
const NOW = new Date("2026-01-01T12:00:00Z");

describe("withTransitionTimes", () => {
  it.each([
    [
      "keeps the time of a condition whose status is the same",
      "True",
      "2026-01-01T11:00:00Z",
      "2026-01-01T11:00:00Z",
    ],
    ["takes the time of a change", "False", "2026-01-01T11:00:00Z", "2026-01-01T12:00:00Z"],
    ["keeps no time that is yet to come", "True", "2026-01-01T13:00:00Z", "2026-01-01T12:00:00Z"],
  ])("%s", (_what, status, lastTransitionTime, expected) => {
    const before = [{ type: "Ready", status, lastTransitionTime }];
    expect(withTransitionTimes([ready], before, 1, NOW)).toMatchObject([{ lastTransitionTime: expected }]);
  });
});
