import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import type { Ending } from "../report/diff.ts";
import type { RecordedFinding, ScanRecord } from "../report/record.ts";
import { NOTEBOOK_INSTANCE } from "../rules/resource.ts";
import { registerResolutionMetric } from "./resolution-metrics.ts";

const finding: RecordedFinding = {
  rule: "SageMaker-004",
  verdict: "violation",
  arn: "arn:aws:sagemaker:us-east-1:111111111111:notebook-instance/n",
  type: NOTEBOOK_INSTANCE,
  account: "111111111111",
  region: "us-east-1",
  name: "n",
  reason: "",
  message: "",
  evidence: {},
  firstSeen: "2026-01-01T00:00:00Z",
};
const record = { scan: { completionTime: "2026-01-03T00:00:00Z" } } as ScanRecord;

async function samples(endings: readonly Ending[]) {
  const registry = new Registry();
  const observe = registerResolutionMetric(registry, () => ["team"]);
  observe("team", record, { found: [], resolved: endings.map((how) => ({ finding, how })) });
  return registry.metrics();
}

describe("awsaccountscan_violation_resolution_seconds", () => {
  it("has the age of violations that were put right, and how", async () => {
    const text = await samples(["Compliant", "Gone"]);
    const labels = 'namespace="team",rule="SageMaker-004"';
    for (const resolution of ["compliant", "gone"])
      expect(text).toContain(`_sum{${labels},resolution="${resolution}"} ${2 * 86_400}`);
    expect(text).toMatch(/_bucket\{le="172800",[^}]*resolution="gone"\} 1/);
    expect(text).toMatch(/_bucket\{le="86400",[^}]*resolution="gone"\} 0/);
  });

  it("does not take an exemption or a narrower scope for a remedy", async () => {
    const text = await samples(["Exempt", "OutOfScope"]);
    expect([...text.matchAll(/_count\{.*\} (\d+)/g)].map(([, count]) => count)).toEqual(["0", "0"]);
  });

  it("is 0 from a namespace's first scan on, goes with its last, and begins anew with the next", async () => {
    const registry = new Registry();
    const namespaces = new Set<string>();
    const observe = registerResolutionMetric(registry, () => namespaces);
    const counts = async () =>
      [...(await registry.metrics()).matchAll(/_count\{namespace="(.*?)".*resolution="gone"\} (\d+)/g)].map(
        ([, namespace, count]) => [namespace, count],
      );
    namespaces.add("team");
    expect(await counts()).toEqual([["team", "0"]]);
    observe("team", record, { found: [], resolved: [{ finding, how: "Gone" }] });
    expect(await counts()).toEqual([["team", "1"]]);
    namespaces.delete("team");
    expect(await counts()).toEqual([]);
    observe("team", record, { found: [], resolved: [{ finding, how: "Gone" }] });
    expect(await counts()).toEqual([]);
    namespaces.add("team");
    expect(await counts()).toEqual([["team", "0"]]);
  });
});
