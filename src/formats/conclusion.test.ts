import { describe, expect, it } from "vitest";
import { compliantResult, scanResult } from "../../test/support/scan-result.ts";
import type { ScanResult } from "../report/result.ts";
import { conclude } from "./conclusion.ts";

const stray = {
  ...{ account: "1", region: "r", operation: "ListTags", reason: "AccessDenied", code: "AccessDenied" },
  message: "no",
  count: 1,
};
const [unread] = scanResult.findings.filter(({ lastVerified }) => lastVerified !== undefined);

describe("conclude", () => {
  it("calls compliant what was read whole and holds no violation", () => {
    expect(conclude(compliantResult)).toMatchObject({ verdict: "compliant", reservations: [] });
  });

  it.each<[string, Partial<ScanResult>]>([
    ["it was interrupted", { scan: { ...compliantResult.scan, interrupted: true } }],
    ["its outcome is not Complete", { scan: { ...compliantResult.scan, outcome: "Incomplete" } }],
    ["nothing was in scope", { coverage: [] }],
    ["a place was not read", { coverage: [{ account: "1", region: "r", state: "throttled" }] }],
    ["a resource could not be judged", { summary: { ...compliantResult.summary, unknown: 1 } }],
    ["a call failed at a place that nobody covered", { failures: [stray] }],
    ["a violation is not verified", { findings: unread === undefined ? [] : [unread] }],
  ])("never does where %s", (_why, changes) => {
    const { verdict, headline, reservations } = conclude({ ...compliantResult, ...changes });
    expect(verdict).toBe("incomplete");
    expect(headline).not.toMatch(/compliant/i);
    expect(reservations).toHaveLength(1);
  });

  it("names exempt resources beside a pass", () => {
    const summary = { ...compliantResult.summary, exempt: 2 };
    expect(conclude({ ...compliantResult, summary }).headline).toContain(
      "nothing violates but 2 exempt resources",
    );
  });
});
