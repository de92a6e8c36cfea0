import { describe, expect, it } from "vitest";
import { NOTEBOOK_INSTANCE } from "../rules/resource.ts";
import { mergeRecords } from "./merge.ts";
import type { Coverage, RecordedFinding, ScanRecord } from "./record.ts";
import { summarize } from "./summary.ts";

const place = { account: "111111111111", region: "us-east-1", type: NOTEBOOK_INSTANCE, rule: "R" } as const;

function finding(name: string, verdict: RecordedFinding["verdict"]): RecordedFinding {
  return { ...place, arn: `arn:${name}`, name, verdict, reason: "", message: "", evidence: {} };
}

function record(
  findings: readonly RecordedFinding[],
  compliant: number,
  over: { state?: Coverage["state"]; region?: string; outcome?: ScanRecord["scan"]["outcome"] } = {},
): ScanRecord {
  const { state = "covered", region = "us-east-1", outcome = "Complete" } = over;
  const count = (verdict: string) => findings.filter((entry) => entry.verdict === verdict).length;
  return {
    scan: {
      id: "x",
      trigger: "Requested",
      generation: 0,
      scopeDigest: "",
      startTime: "2026-01-01T00:00:00Z",
      completionTime: "2026-01-01T00:01:00Z",
      outcome,
      consecutiveFailures: 0,
    },
    cells: [
      {
        ...place,
        region,
        compliant,
        violations: count("violation"),
        exempt: count("exempt"),
        unknown: count("unknown"),
      },
    ],
    coverage: [{ account: place.account, region, state }],
    failures: [],
    findings,
  };
}

describe("mergeRecords", () => {
  it("leaves one record as it is", () => {
    const only = record([finding("a", "violation")], 3);
    expect(mergeRecords([only])).toBe(only);
  });

  it("adds up what does not overlap", () => {
    const merged = mergeRecords([
      record([finding("a", "violation")], 3),
      record([], 2, { region: "eu-west-1" }),
    ]);
    expect(summarize(merged)).toMatchObject({ resources: 6, violations: 1, compliant: 5, regions: 2 });
    expect(merged.scan.outcome).toBe("Complete");
  });

  it("counts a resource of two scans once, by the verdict that somebody must look at", () => {
    const merged = mergeRecords([
      record([finding("a", "exempt")], 3),
      record([finding("a", "violation")], 3),
    ]);
    expect(merged.findings.map(({ verdict }) => verdict)).toEqual(["violation"]);
    expect(summarize(merged)).toMatchObject({ resources: 4, violations: 1, exempt: 0, compliant: 3 });
  });

  it("calls a place covered only where every scan could read it", () => {
    const merged = mergeRecords([record([], 3), record([], 0, { state: "denied", outcome: "Failed" })]);
    expect(merged.coverage.map(({ state }) => state)).toEqual(["denied"]);
    expect(merged.scan.outcome).toBe("Incomplete");
  });

  it.each([
    [["Failed", "Failed"], "Failed"],
    [["Complete", "Failed"], "Incomplete"],
    [["Incomplete", "Complete"], "Incomplete"],
  ] as const)("makes of the outcomes %j: %s", (outcomes, expected) => {
    expect(mergeRecords(outcomes.map((outcome) => record([], 1, { outcome }))).scan.outcome).toBe(expected);
  });

  it("never lets counted unknowns pass for compliant", () => {
    const unread = {
      ...record([], 0),
      cells: [{ ...place, compliant: 0, violations: 0, exempt: 0, unknown: 4 }],
    };
    expect(summarize(mergeRecords([record([], 4), unread]))).toMatchObject({ unknown: 4, compliant: 0 });
  });
});
