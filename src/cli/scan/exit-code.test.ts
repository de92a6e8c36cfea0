import { describe, expect, it } from "vitest";
import type { FailOn } from "../../config/scan-options.ts";
import type { ScanResult } from "../../report/result.ts";
import { exitCodeOf } from "./exit-code.ts";

type Input = Pick<ScanResult, "summary" | "scan" | "baseline">;

function result({
  violations = 0,
  unknown = 0,
  outcome = "Complete" as "Complete" | "Incomplete" | "Failed",
  interrupted = false,
  fresh = undefined as number | undefined,
}): Input {
  const time = "2026-01-01T00:00:00Z";
  return {
    summary: { accounts: 1, regions: 1, resources: 9, compliant: 9, violations, exempt: 0, unknown },
    scan: { startTime: time, completionTime: time, outcome, interrupted, version: "0" },
    ...(fresh !== undefined && { baseline: { new: fresh, unchanged: violations - fresh, resolved: [] } }),
  };
}

const DEFAULT: readonly FailOn[] = ["violations", "unknown"];

describe("exitCodeOf", () => {
  it.each([
    ["all complies and was read", result({}), DEFAULT, 0],
    ["something violates", result({ violations: 1 }), DEFAULT, 2],
    ["something violates and something could not be read", result({ violations: 1, unknown: 1 }), DEFAULT, 2],
    ["something could not be judged", result({ unknown: 1, outcome: "Incomplete" }), DEFAULT, 3],
    ["a region could not be read", result({ outcome: "Incomplete" }), DEFAULT, 3],
    ["nothing could be read", result({ outcome: "Failed" }), DEFAULT, 3],
    [
      "a violation is not to fail, and something was not read",
      result({ violations: 1, outcome: "Incomplete" }),
      ["unknown"],
      3,
    ],
    ["a violation is not to fail", result({ violations: 1 }), ["unknown"], 0],
    ["what was not read is not to fail", result({ outcome: "Incomplete" }), ["violations"], 0],
    ["nothing is to fail", result({ violations: 1, outcome: "Incomplete" }), [], 0],
    [
      "it was broken off and nothing is to fail",
      result({ outcome: "Incomplete", interrupted: true }),
      [],
      130,
    ],
    ["it was broken off", result({ outcome: "Incomplete", interrupted: true }), DEFAULT, 3],
    ["only new violations fail, and all are known", result({ violations: 2, fresh: 0 }), ["new"], 0],
    ["only new violations fail, and one is new", result({ violations: 2, fresh: 1 }), ["new"], 2],
    ["only new violations fail, and there is no baseline", result({ violations: 2 }), ["new"], 2],
  ] as const)("where %s", (_what, input, failOn, code) => {
    expect(exitCodeOf(input, failOn)).toBe(code);
  });
});
