import { describe, expect, it } from "vitest";
import { NOTEBOOK_INSTANCE } from "../rules/resource.ts";
import { type Baseline, compareWith, parseBaseline, recordOf } from "./baseline.ts";
import { mergeRecords } from "./merge.ts";
import type { RecordedFinding, ScanRecord } from "./record.ts";
import { resultOf } from "./result.ts";

const TIME = "2026-01-01T00:00:00Z";

function finding(name: string, verdict: RecordedFinding["verdict"], region = "us-east-1"): RecordedFinding {
  const arn = `arn:aws:sagemaker:${region}:111111111111:notebook-instance/${name}`;
  const rest = {
    rule: "SageMaker-004",
    type: NOTEBOOK_INSTANCE,
    account: "111111111111",
    reason: "X",
  } as const;
  return { ...rest, arn, name, region, verdict, message: "m", evidence: { DirectInternetAccess: "Enabled" } };
}

function resultWith(findings: readonly RecordedFinding[]) {
  const record: ScanRecord = {
    ...recordOf({ completionTime: TIME, findings }),
    coverage: [{ account: "111111111111", region: "us-east-1", state: "covered" }],
  };
  return resultOf(mergeRecords([record]), { version: "0", interrupted: false });
}

function compare(before: readonly RecordedFinding[], now: readonly RecordedFinding[]) {
  return compareWith(resultWith(now), { findings: before }, new Set(["SageMaker-004"]));
}

describe("compareWith", () => {
  it("tells new violations from those that were there, and those that have ended", () => {
    const { baseline, findings } = compare(
      [finding("old", "violation"), finding("gone", "violation")],
      [finding("old", "violation"), finding("fresh", "violation")],
    );
    expect(baseline).toMatchObject({ new: 1, unchanged: 1, resolved: [{ name: "gone" }] });
    expect(findings.map(({ name, change }) => [name, change])).toEqual([
      ["old", "unchanged"],
      ["fresh", "new"],
    ]);
  });

  it.each([
    ["is exempt now", [finding("n", "exempt")], "us-east-1"],
    ["cannot be judged now", [finding("n", "unknown")], "us-east-1"],
    ["is in a region that was not looked at", [], "eu-west-1"],
  ] as const)("does not call a violation resolved that %s", (_what, now, region) => {
    expect(compare([finding("n", "violation", region)], now).baseline?.resolved).toEqual([]);
  });

  it("does not call a violation of a rule resolved that it did not judge by", () => {
    const other = { ...finding("n", "violation"), rule: "SageMaker-999" };
    expect(compare([other], []).baseline?.resolved).toEqual([]);
  });

  it("takes what was exempt or unknown before for new when it violates", () => {
    const before = [finding("a", "exempt"), finding("b", "unknown")];
    const now = [finding("a", "violation"), finding("b", "violation")];
    expect(compare(before, now).baseline).toMatchObject({ new: 2, unchanged: 0 });
  });
});

describe("parseBaseline", () => {
  it("reads what a result is as JSON", () => {
    const result = resultWith([finding("n", "violation")]);
    const expected: Baseline = { completionTime: TIME, findings: [finding("n", "violation")], isWhole: true };
    expect(parseBaseline(JSON.stringify(result))).toEqual(expected);
  });

  it.each([
    ["a time that is a number", { firstSeen: 20260101 }, /findings\[0\]\.firstSeen is not a text/],
    ["a time that is none", { firstSeen: "yesterday" }, /findings\[0\]\.firstSeen is not a time/],
    ["an observer that is an object", { observedBy: {} }, /findings\[0\]\.observedBy is not a text/],
    ["evidence that is no text", { evidence: { a: 1 } }, /findings\[0\]\.evidence/],
    ["a type that nobody scans", { type: "AWS::S3::Bucket" }, /findings\[0\]\.type/],
    ["a text without end", { message: "x".repeat(10_000) }, /findings\[0\]\.message/],
  ])("refuses %s before anything is scanned", (_what, over, message) => {
    const result = { scan: { completionTime: TIME }, findings: [{ ...finding("n", "violation"), ...over }] };
    expect(() => parseBaseline(JSON.stringify(result))).toThrow(message);
  });

  it.each([
    ["was broken off", { scan: { completionTime: TIME, outcome: "Complete", interrupted: true } }],
    ["says nothing of its outcome", { scan: { completionTime: TIME, interrupted: false } }],
    ["could not judge everything", { summary: { unknown: 1 } }],
  ])("does not take a result for whole that %s", (_what, over) => {
    expect(parseBaseline(JSON.stringify({ ...resultWith([]), ...over })).isWhole).toBe(false);
  });

  it("takes no field that it does not know", () => {
    const result = {
      scan: { completionTime: TIME },
      findings: [{ ...finding("n", "violation"), toString: "x" }],
    };
    expect(Object.keys(parseBaseline(JSON.stringify(result)).findings[0] ?? {})).not.toContain("toString");
  });

  it.each([
    ["no JSON", "arn,name", /it is not JSON/],
    ["another JSON", "[]", /has no scan and findings/],
    ["no time", '{"scan":{},"findings":[]}', /completionTime/],
    [
      "a finding without a verdict",
      JSON.stringify({ scan: { completionTime: TIME }, findings: [{}] }),
      /findings\[0\]\.verdict/,
    ],
    [
      "a verdict of its own",
      JSON.stringify({
        scan: { completionTime: TIME },
        findings: [{ ...finding("n", "violation"), verdict: "fine" }],
      }),
      /findings\[0\]\.verdict/,
    ],
  ])("refuses %s and says where", (_what, text, message) => {
    expect(() => parseBaseline(text)).toThrow(message);
  });
});
