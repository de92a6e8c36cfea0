import { describe, expect, it } from "vitest";
import type { AwsAccountScanReport } from "../../src/api/generated/awsaccountscanreport.ts";
import { applyYaml, getJson, kubectl, useNamespace } from "../support/cluster.ts";

const namespace = useNamespace();

const finding = {
  verdict: "violation",
  rule: "SageMaker-004",
  arn: "arn:aws:sagemaker:us-east-1:123456789012:domain/d-1",
  type: "AWS::SageMaker::Domain",
  account: "123456789012",
  region: "us-east-1",
  name: "d-1",
  reason: "NotVpcOnly",
  message: "The domain's apps reach the internet outside its VPC.",
  evidence: { AppNetworkAccessType: null },
  observedTime: "2026-01-01T00:00:02Z",
  observedBy: "arn:aws:sts::123456789012:assumed-role/ComplianceScan/aas-ml-platform-s1",
  firstSeen: "2026-01-01T00:00:00Z",
};
const contents = { cells: [], coverage: [], failures: [], findings: [finding] };
const index = {
  scanName: "ml-platform",
  scanUID: "0b7c2c0e-1111-4222-8333-444455556666",
  generation: 3,
  scopeDigest: "a".repeat(64),
  scan: {
    id: "s1",
    trigger: "Scheduled",
    startTime: "2026-01-01T00:00:00Z",
    completionTime: "2026-01-01T00:00:05Z",
    outcome: "Incomplete",
    consecutiveFailures: 0,
  },
  summary: { accounts: 1, regions: 2, resources: 9, compliant: 5, violations: 2, exempt: 1, unknown: 1 },
};

function apply(name: string, fields: object): Promise<void> {
  const kind = {
    apiVersion: "awsaccountscan.dev/v1alpha1",
    kind: "AwsAccountScanReport",
    metadata: { name },
  };
  return applyYaml(JSON.stringify({ ...kind, ...fields }), { namespace });
}

describe("an AwsAccountScanReport", () => {
  it("comes back as it was written, absent evidence too: its digest depends on that", async () => {
    await apply("whole", { index: { ...index, digest: "b".repeat(64) }, contents });
    const stored = await getJson<AwsAccountScanReport>(["aasr", "whole"], { namespace });
    expect(stored.contents).toEqual(contents);
    expect(stored.index).toEqual({ ...index, digest: "b".repeat(64) });
  });

  it("is refused with neither index nor contents", async () => {
    await expect(apply("neither", {})).rejects.toThrow("must have an index, contents, or both");
  });

  it("that is an index changes with every scan, and stays an index", async () => {
    await apply("index", { index, contents });
    await apply("index", { index: { ...index, shards: [{ name: "shard", digest: "c".repeat(64) }] } });
    await expect(apply("index", { contents })).rejects.toThrow("an index stays one");
  });

  it("that is a shard never changes its contents", async () => {
    await apply("shard", { contents });
    await apply("shard", { contents, metadata: { name: "shard", labels: { touched: "true" } } });
    const changed = { ...contents, findings: [{ ...finding, verdict: "unknown" }] };
    await expect(apply("shard", { contents: changed })).rejects.toThrow("a shard's contents never change");
  });

  it("takes as many findings as fit a shard, and sees that they have not changed", async () => {
    const findings = Array.from({ length: 1000 }, (_, i) => ({ ...finding, arn: `${finding.arn}-${i}` }));
    await apply("large", { contents: { ...contents, findings } });
    await apply("large", {
      contents: { ...contents, findings },
      metadata: { name: "large", labels: { touched: "true" } },
    });
  });

  it("shows its scan in columns", async () => {
    await apply("columns", { index });
    const { stdout } = await kubectl(["get", "aasr", "columns"], { namespace });
    const [head = "", row = ""] = stdout.trim().split("\n");
    expect(head.split(/ {2,}/).map((cell) => cell.trim())).toEqual([
      "NAME",
      "SCAN",
      "OUTCOME",
      "VIOLATIONS",
      "UNKNOWN",
      "RESOURCES",
      "COMPLETED",
      "AGE",
    ]);
    expect(row).toMatch(/^columns +ml-platform +Incomplete +2 +1 +9 +\S+ +\S+ *$/);
  });
});
