import { describe, expect, it } from "vitest";
import { withPasses, written } from "../../test/support/report-cases.ts";
import { resultSaying, scanResult } from "../../test/support/scan-result.ts";
import type { ScanResult } from "../report/result.ts";
import { relatedRequirements } from "./asff/requirements.ts";
import { asff } from "./asff.ts";

interface AsffFinding {
  readonly Id: string;
  readonly ProductArn: string;
  readonly GeneratorId: string;
  readonly AwsAccountId: string;
  readonly CreatedAt: string;
  readonly FirstObservedAt?: string;
  readonly LastObservedAt?: string;
  readonly RecordState: string;
  readonly Workflow?: unknown;
  readonly FindingProviderFields: { readonly Severity: { readonly Label: string } };
  readonly Compliance: { readonly Status: string; readonly RelatedRequirements?: readonly string[] };
  readonly Remediation?: { readonly Recommendation: { readonly Text: string } };
  readonly ProductFields: Readonly<Record<string, string>>;
  readonly Resources: readonly [{ readonly Type: string; readonly Id: string }];
}

const findingsOf = (result: ScanResult): AsffFinding[] => JSON.parse(written(asff, result));
const ofRule = (result: ScanResult) =>
  findingsOf(result).filter(({ GeneratorId }) => GeneratorId === "awsscan/SageMaker-004");
const ofCoverage = (result: ScanResult) =>
  findingsOf(result).filter(({ GeneratorId }) => GeneratorId === "awsscan/coverage");

describe("asff", () => {
  it("has for each verdict a status, a severity and a record state; an unknown never passes", () => {
    const standings = ofRule(scanResult).map((finding) => [
      finding.Compliance.Status,
      finding.FindingProviderFields.Severity.Label,
      finding.RecordState,
    ]);
    expect(standings).toEqual([
      ["FAILED", "MEDIUM", "ACTIVE"],
      ["FAILED", "MEDIUM", "ACTIVE"],
      ["FAILED", "MEDIUM", "ACTIVE"],
      ["FAILED", "MEDIUM", "ACTIVE"],
      ["WARNING", "LOW", "ACTIVE"],
      ["NOT_AVAILABLE", "MEDIUM", "ACTIVE"],
      ["NOT_AVAILABLE", "MEDIUM", "ACTIVE"],
      ["NOT_AVAILABLE", "MEDIUM", "ARCHIVED"],
    ]);
    expect(ofRule(withPasses)[0]).toMatchObject({ Compliance: { Status: "PASSED" } });
  });

  it("never suppresses, which an import could not take back", () => {
    for (const finding of findingsOf(scanResult)) expect(finding.Workflow).toBeUndefined();
  });

  it("tells each place on its account, in the Security Hub of its region", () => {
    const places = ofCoverage(scanResult).map(({ Id, ProductArn, Compliance, Resources }) => [
      Id,
      ProductArn.split(":")[3],
      Compliance.Status,
      Resources[0].Id,
    ]);
    expect(places).toContainEqual([
      "awsscan/coverage/444455556666/us-west-2",
      "us-west-2",
      "NOT_AVAILABLE",
      "AWS::::Account:444455556666",
    ]);
    expect(places).toContainEqual([
      "awsscan/coverage/777788889999/",
      "us-east-1",
      "NOT_AVAILABLE",
      "AWS::::Account:777788889999",
    ]);
    expect(places.filter(([, , status]) => status === "NOT_AVAILABLE")).toHaveLength(4);
  });

  it("names an account that nobody has where none is known, so that the file is not empty", () => {
    const result = { ...scanResult, coverage: [], accounts: [], findings: [], failures: [] };
    expect(ofCoverage(result)).toMatchObject([{ AwsAccountId: "000000000000" }]);
  });

  it("belongs to the custom product of its account, region and partition", () => {
    const [finding] = ofRule({
      ...scanResult,
      findings: scanResult.findings.map((one) => ({ ...one, region: "cn-north-1" })),
    });
    expect(finding?.ProductArn).toBe(
      "arn:aws-cn:securityhub:cn-north-1:111122223333:product/111122223333/default",
    );
  });

  it("keeps its id and its first time from scan to scan", () => {
    const later = {
      ...scanResult,
      scan: { ...scanResult.scan, completionTime: "2026-04-01T00:00:00Z" },
      findings: scanResult.findings.map((one) => ({ ...one, reason: "Other", message: "other" })),
    };
    const identity = (result: ScanResult) => findingsOf(result).map(({ Id, ProductArn }) => [Id, ProductArn]);
    expect(identity(later)).toEqual(identity(scanResult));
    expect(ofRule(scanResult)[0]).toMatchObject({
      CreatedAt: "2026-02-20T04:00:00Z",
      FirstObservedAt: "2026-02-20T04:00:00Z",
      LastObservedAt: "2026-03-01T04:00:12Z",
    });
  });

  it("dates what this scan could not read by the time that it was read", () => {
    expect(ofRule(scanResult)[3]?.LastObservedAt).toBe("2026-02-28T04:00:10Z");
  });

  it("tells ARNs apart that are longer than an id may be", () => {
    const [one, other] = ["a", "b"].map((end) => ofRule(resultSaying(`${"x".repeat(600)}${end}`))[0]?.Id);
    expect(one).toMatch(/^awsscan\/SageMaker-004\/sha256:[0-9a-f]{64}$/);
    expect(one).not.toBe(other);
  });

  it("gives a command whole, and none for an ARN that is not plain", () => {
    const short = ofRule(scanResult)[0]?.Remediation?.Recommendation.Text;
    expect(short).toMatch(/^awsscan plan arn:aws:sagemaker:\S+ makes a plan\. By hand: /);
    const long = ofRule(resultSaying("$(id) ".repeat(100)))[0];
    expect(long?.Remediation?.Recommendation.Text).not.toContain("awsscan plan");
    expect(long?.ProductFields).not.toHaveProperty("awsscan/Plan");
  });
});

describe("relatedRequirements", () => {
  it("has every id of every framework, in at most 32 entries of at most 64 characters", () => {
    const [{ frameworks } = { frameworks: [] }] = scanResult.findings;
    const entries = relatedRequirements(frameworks);
    expect(entries.length).toBeLessThanOrEqual(32);
    for (const entry of entries) expect(entry.length).toBeLessThanOrEqual(64);
    const ids = entries.flatMap((entry) => entry.split(": ")[1]?.split(", ") ?? []);
    expect(ids).toEqual(frameworks.flatMap(({ controls }) => controls));
  });
});
