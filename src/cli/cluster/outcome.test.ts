import { describe, expect, it } from "vitest";
import type { AwsAccountScan } from "../../api/generated/awsaccountscan.ts";
import { outcomeOf } from "./outcome.ts";

const SUMMARY = { accounts: 1, regions: 2, resources: 3, compliant: 2, violations: 1, exempt: 0, unknown: 0 };

function scan(
  outcome: string | undefined,
  conditions: readonly object[],
  summary: object = SUMMARY,
): AwsAccountScan {
  return {
    metadata: { name: "s", namespace: "n" },
    spec: {},
    status: { ...(outcome !== undefined && { lastScan: { outcome } }), summary, conditions },
  } as unknown as AwsAccountScan;
}

const condition = (type: string, status: string, message: string) => ({
  type,
  status,
  reason: "Why",
  message,
});

describe("outcomeOf", () => {
  it("tells what was scanned, and what was not read", () => {
    expect(outcomeOf(scan("Complete", [condition("Complete", "True", "all")]))).toEqual([
      "n/s: Complete. Scanned 1 account(s) in 2 region(s): 3 resource(s), 1 violation(s).",
    ]);
    expect(outcomeOf(scan("Incomplete", [condition("Complete", "False", "a hole")]))).toEqual([
      expect.stringMatching(/^n\/s: Incomplete\. Scanned/),
      "a hole",
    ]);
  });

  it("does not say of a scan that read nothing that it scanned anything", () => {
    const failed = scan("Failed", [condition("Ready", "False", "Nothing could be scanned. AccessDenied")]);
    expect(outcomeOf(failed)).toEqual([
      "n/s: Failed. Nothing could be scanned. AccessDenied",
      "1 violation(s) of before could not be verified.",
    ]);
  });

  it("tells why it is stalled", () => {
    const conditions = [condition("Ready", "False", "x"), condition("Stalled", "True", "make it")];
    expect(outcomeOf(scan("Failed", conditions, { ...SUMMARY, violations: 0 }))).toEqual([
      "n/s: Failed. Stalled: Why: make it",
    ]);
  });
});
