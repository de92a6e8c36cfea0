import fc from "fast-check";
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

  it("counts nothing twice and nothing away where both scans saw the same and could not judge the rest", () => {
    const violations = Array.from({ length: 5 }, (_, at) => finding(`v${at}`, "violation"));
    const partial = {
      ...record(violations, 0),
      cells: [{ ...place, compliant: 0, violations: 5, exempt: 0, unknown: 5 }],
    };
    expect(summarize(mergeRecords([partial, partial]))).toMatchObject({
      violations: 5,
      unknown: 5,
      compliant: 0,
    });
  });

  it("never counts more passes than the scan that counted fewest", () => {
    const cell = fc.record({
      compliant: fc.nat(20),
      violations: fc.nat(5),
      exempt: fc.nat(5),
      unknown: fc.nat(20),
    });
    const of = (counts: {
      compliant: number;
      violations: number;
      exempt: number;
      unknown: number;
    }): ScanRecord => {
      const named = (verdict: "violation" | "exempt", count: number) =>
        Array.from({ length: count }, (_, at) => finding(`${verdict}${at}`, verdict));
      const findings = [...named("violation", counts.violations), ...named("exempt", counts.exempt)];
      return { ...record(findings, 0), cells: [{ ...place, ...counts }] };
    };
    fc.assert(
      fc.property(cell, cell, (a, b) => {
        const merged = summarize(mergeRecords([of(a), of(b)]));
        expect(merged.compliant).toBeLessThanOrEqual(Math.min(a.compliant, b.compliant));
        expect(merged.violations).toBeGreaterThanOrEqual(Math.max(a.violations, b.violations));
        expect(summarize(mergeRecords([of(a), of(a)]))).toEqual(summarize(of(a)));
      }),
    );
  });

  it("is as old as its oldest part, and keeps the earliest sight of a violation", () => {
    const seen = (firstSeen: string, completionTime: string): ScanRecord => {
      const base = record([{ ...finding("a", "violation"), firstSeen }], 0);
      return { ...base, scan: { ...base.scan, completionTime } };
    };
    const merged = mergeRecords([
      seen("2026-01-05T00:00:00Z", "2026-01-09T00:00:00Z"),
      seen("2026-01-01T00:00:00Z", "2026-01-08T00:00:00Z"),
    ]);
    expect(merged.scan.completionTime).toBe("2026-01-08T00:00:00Z");
    expect(merged.findings[0]?.firstSeen).toBe("2026-01-01T00:00:00Z");
  });
});
