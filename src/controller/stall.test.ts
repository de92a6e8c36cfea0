import { describe, expect, it } from "vitest";
import type { Condition } from "../api/conditions.ts";
import type { StallReason } from "../api/reasons.ts";
import { newStall } from "./stall.ts";

const stalled = (
  status: Condition["status"],
  reason: StallReason = "UnknownRule",
  message = "no such rule",
): Condition[] => [
  {
    type: "Stalled",
    status,
    reason,
    message,
    observedGeneration: 1,
    lastTransitionTime: "2026-03-01T10:00:00Z",
  },
];

describe("a stall is new", () => {
  it.each<[string, Condition[] | undefined, Condition[] | undefined, string | undefined]>([
    ["where nothing was said before", undefined, stalled("True"), "UnknownRule"],
    ["where the scan was not stalled before", stalled("False"), stalled("True"), "UnknownRule"],
    ["where it is another one", stalled("True", "RoleNotAllowed"), stalled("True"), "UnknownRule"],
    ["where it is about something else", stalled("True", "UnknownRule", "x"), stalled("True"), "UnknownRule"],
    ["not where the same was said before", stalled("True"), stalled("True"), undefined],
    ["not where it is over", stalled("True"), [], undefined],
    ["not where there is none", undefined, stalled("False"), undefined],
  ])("%s", (_, before, now, reason) => {
    expect(newStall(before, now)?.reason).toBe(reason);
  });
});
