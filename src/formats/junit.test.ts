import { describe, expect, it } from "vitest";
import { withPasses, written } from "../../test/support/report-cases.ts";
import { compliantResult, interruptedResult, scanResult } from "../../test/support/scan-result.ts";
import { junit } from "./junit.ts";

/** The elements in the test case of this name. */
function inCase(report: string, name: string): string[] {
  const [, body] = report.split(`<testcase name="${name}"`);
  const [own = ""] = body?.split(/<\/testcase>|<testcase/) ?? [];
  return [...own.matchAll(/<(failure|error|skipped|system-out)\b/g)].map(([, element]) => element ?? "");
}

const report = written(junit, scanResult);
const arnOf = (index: number) => scanResult.findings[index]?.arn ?? "";

describe("junit", () => {
  it("fails a violation, skips an exempt one, and has an error for an unknown", () => {
    expect(inCase(report, arnOf(0))).toEqual(["failure"]);
    expect(inCase(report, arnOf(3))).toEqual(["failure"]);
    expect(inCase(report, arnOf(4))).toEqual(["skipped"]);
    expect(inCase(report, arnOf(6))).toEqual(["error"]);
    expect(inCase(written(junit, withPasses), arnOf(0))).toEqual([]);
  });

  it("has an error for each place that was not read, and a pass for each that was", () => {
    expect(inCase(report, "us-west-2 of account 444455556666 was read")).toEqual(["error"]);
    expect(inCase(report, "account 777788889999 was read")).toEqual(["error"]);
    expect(inCase(report, "eu-central-1 of account 111122223333 was read")).toEqual(["system-out"]);
  });

  it("is no clean report of a scan that was interrupted", () => {
    expect(written(junit, interruptedResult)).toContain('tests="2" failures="0" errors="2"');
  });

  it("has test cases, all passed, where everything is compliant", () => {
    expect(written(junit, compliantResult)).toContain('tests="3" failures="0" errors="0"');
  });

  it("says when a violation that could not be read now was read last", () => {
    expect(report).toContain("stands as it was last read, at 2026-02-28T04:00:10Z");
  });

  it("tells a failure that took nothing from coverage beside the cases", () => {
    const tags = {
      account: "111122223333",
      region: "eu-central-1",
      operation: "ListTags",
      reason: "AccessDenied",
      code: "AccessDeniedException",
      message: "no",
      count: 2,
    };
    const text = written(junit, { ...compliantResult, failures: [tags] });
    expect(text).toContain('errors="0"');
    expect(text).toContain("ListTags failed, 2 times with AccessDeniedException: no");
  });
});
