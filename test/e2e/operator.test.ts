import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fleet, NotebookSpec } from "../../tools/aws-simulator/fleet.ts";
import { applyYaml, eventually, getJson, kubectl, sharedCluster, tryKubectl } from "../support/cluster.ts";
import { fluxFailures } from "../support/flux-consistency.ts";
import { condition, settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";
import { type StatusWatch, watchStatuses } from "../support/status-watch.ts";

const A = "111111111111";
const B = "222222222222";
const PLACE = { account: A, region: "us-east-1" };

const notebooks = (count: number, violating: number): NotebookSpec[] =>
  Array.from({ length: count }, (_, n) => ({
    name: `notebook-${n}`,
    directInternetAccess: n < violating ? "Enabled" : "Disabled",
  }));

function fleet(namespace: string): Fleet {
  const webIdentity = (name: string) => ({
    webIdentity: { subjects: [`system:serviceaccount:${namespace}:${name}`] },
  });
  return {
    accounts: [
      {
        id: A,
        name: "one",
        enabledRegions: ["us-east-1", "eu-west-1"],
        roles: [{ name: "Hub", trust: webIdentity("scanner") }],
        regions: {
          "us-east-1": {
            notebooks: notebooks(25, 3),
            domains: [
              { id: "d-vpc", name: "closed", appNetworkAccessType: "VpcOnly" },
              { id: "d-default", name: "silent" },
            ],
          },
        },
      },
      {
        id: B,
        name: "two",
        enabledRegions: ["us-east-1", "eu-west-1"],
        roles: [
          { name: "Member", trust: { principals: [`arn:aws:iam::${A}:role/Hub`], externalId: "ext-1" } },
          { name: "Tenant", trust: webIdentity("other") },
        ],
        regions: { "eu-west-1": { notebooks: notebooks(4, 0) } },
      },
    ],
  };
}

const stack = useStack({ fleet });
const credentials = { serviceAccountName: "scanner" };
const oneRegion = { credentials, regions: { include: ["us-east-1"] }, interval: "1h" };

const violationsOf = (name: string) => stack().scans.until(name, "scanned", settled);
const withScanner = () => stack().serviceAccount("scanner", `arn:aws:iam::${A}:role/Hub`);

let statuses: StatusWatch | undefined;
beforeAll(() => {
  statuses = watchStatuses(stack().namespace, sharedCluster().adminKubeconfigPath);
});
afterAll(() => statuses?.stop());

describe("the operator", () => {
  it("counts violations exactly, in status, conditions, metrics, events and report", async () => {
    const { scans, operator, namespace } = stack();
    await withScanner();
    await scans.apply({ name: "exact", spec: oneRegion });
    const scan = await violationsOf("exact");
    expect(scan.status?.summary).toEqual({
      accounts: 1,
      regions: 1,
      resources: 27,
      compliant: 23,
      violations: 4,
      exempt: 0,
      unknown: 0,
    });
    expect(scan.status?.violations?.map(({ name }) => name).sort()).toEqual([
      "notebook-0",
      "notebook-1",
      "notebook-2",
      "silent",
    ]);
    expect(condition(scan, "Ready")).toMatchObject({ status: "True", reason: "Succeeded" });
    expect(condition(scan, "Compliant")).toMatchObject({ status: "False", reason: "ViolationsFound" });
    expect(condition(scan, "Complete")).toMatchObject({ status: "True" });
    const series = await operator.scrape("awsaccountscan_resources", { scan: "exact", verdict: "violation" });
    expect(series.reduce((sum, { value }) => sum + value, 0)).toBe(4);
    expect(series[0]?.labels).toMatchObject({
      namespace,
      account: A,
      region: "us-east-1",
      rule: "SageMaker-004",
    });
    expect(await operator.scrape("awsaccountscan_violation_info", { scan: "exact" })).toHaveLength(4);
    const { items } = await eventually(async () => {
      const events = await getJson<{ items: { reason: string; regarding: { name: string } }[] }>(
        ["events.v1.events.k8s.io"],
        { namespace },
      );
      if (!events.items.some(({ reason }) => reason === "ScanSucceeded"))
        throw new Error("no ScanSucceeded yet");
      return events;
    });
    expect(
      items.filter(({ reason, regarding }) => reason === "ViolationFound" && regarding.name === "exact"),
    ).toHaveLength(4);
    const reports = await getJson<{
      items: {
        metadata: { ownerReferences?: object[] };
        index?: { scanName: string };
        contents?: { findings: unknown[] };
      }[];
    }>(["aasr"], { namespace });
    const report = reports.items.find(({ index }) => index?.scanName === "exact");
    expect(report?.contents?.findings).toHaveLength(4);
    // What makes the garbage collector remove it with its scan.
    expect(report?.metadata.ownerReferences).toMatchObject([
      { kind: "AwsAccountScan", uid: scan.metadata.uid },
    ]);
  });

  it("resolves a violation when the notebook is re-created without internet access", async () => {
    const { scans, aws, operator } = stack();
    await withScanner();
    await scans.apply({ name: "fixed", spec: oneRegion });
    const before = await violationsOf("fixed");
    const seen = before.status?.violations?.find(({ name }) => name === "notebook-1")?.firstSeen;
    await aws.putNotebook(PLACE, { name: "notebook-0", directInternetAccess: "Disabled" });
    const token = await scans.request("fixed");
    const after = await scans.until("fixed", "rescanned", (scan) =>
      expect(scan.status?.lastHandledReconcileAt).toBe(token),
    );
    expect(after.status?.lastScan?.trigger).toBe("Requested");
    expect(after.status?.violations?.map(({ name }) => name)).not.toContain("notebook-0");
    expect(after.status?.violations?.find(({ name }) => name === "notebook-1")?.firstSeen).toBe(seen);
    expect(
      await operator.scrape("awsaccountscan_violation_info", { scan: "fixed", resource: "notebook-0" }),
    ).toEqual([]);
    await aws.putNotebook(PLACE, { name: "notebook-0", directInternetAccess: "Enabled" });
  });

  it("rescans at once when the spec changes", async () => {
    const { scans } = stack();
    await withScanner();
    await scans.apply({ name: "respec", spec: oneRegion });
    await violationsOf("respec");
    await scans.apply({ name: "respec", spec: { ...oneRegion, regions: { include: ["eu-west-1"] } } });
    const scan = await violationsOf("respec");
    expect(scan.status?.lastScan?.trigger).toBe("SpecChange");
    expect(scan.status?.summary?.resources).toBe(0);
    expect(condition(scan, "Compliant").status).toBe("True");
  });

  it("scans nothing while suspended, and goes on afterwards", async () => {
    const { scans } = stack();
    await withScanner();
    await scans.apply({ name: "paused", spec: { ...oneRegion, suspend: true } });
    const paused = await scans.until("paused", "seen", (scan) =>
      expect(scan.status?.observedGeneration).toBe(1),
    );
    expect(condition(paused, "Ready")).toMatchObject({ status: "Unknown", reason: "Suspended" });
    expect(paused.status?.lastScan).toBeUndefined();
    await scans.apply({ name: "paused", spec: { ...oneRegion, suspend: false } });
    await violationsOf("paused");
  });

  it("cleans up behind a deleted scan, and stops it where it runs", async () => {
    const { scans, aws, operator } = stack();
    await withScanner();
    await scans.apply({ name: "doomed", spec: oneRegion });
    await violationsOf("doomed");
    await aws.setFaults({ kind: "hang", operation: "ListNotebookInstances" });
    await scans.request("doomed");
    await scans.until("doomed", "running", (scan) =>
      expect(scan.status?.currentScan?.trigger).toBe("Requested"),
    );
    await scans.delete("doomed");
    await eventually(async () => expect(await operator.scrape(undefined, { scan: "doomed" })).toEqual([]));
    await aws.setFaults();
    expect(operator.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  it("shows a denied region as unread, and never calls the scan compliant", async () => {
    const { scans, aws } = stack();
    await withScanner();
    await aws.setFaults({ kind: "deny", service: "sagemaker", region: "eu-west-1" });
    await scans.apply({
      name: "denied",
      spec: { credentials, regions: { include: ["eu-west-1", "us-east-1"] } },
    });
    const scan = await violationsOf("denied");
    await aws.setFaults();
    expect(condition(scan, "Complete")).toMatchObject({ status: "False", reason: "AccessDenied" });
    expect(condition(scan, "Compliant").status).toBe("False");
    expect(scan.status?.lastScan?.outcome).toBe("Incomplete");
    expect(scan.status?.failures).toContainEqual(
      expect.objectContaining({
        account: A,
        region: "eu-west-1",
        operation: "ListNotebookInstances",
        reason: "AccessDenied",
      }),
    );
  });

  it("says how to leave out a region that a policy closes, and leaves it out", async () => {
    const { scans, aws } = stack();
    await withScanner();
    await aws.setFaults({ kind: "scp-deny", region: "eu-west-1" });
    await scans.apply({ name: "closed", spec: { credentials } });
    const open = await violationsOf("closed");
    expect(condition(open, "Complete")).toMatchObject({
      status: "False",
      reason: "DeniedByServiceControlPolicy",
      message: expect.stringContaining("add eu-west-1 to spec.regions.exclude"),
    });
    await scans.apply({ name: "closed", spec: { credentials, regions: { exclude: ["eu-west-1"] } } });
    const left = await violationsOf("closed");
    await aws.setFaults();
    expect(condition(left, "Complete").status).toBe("True");
    expect(left.status?.summary).toMatchObject({ regions: 1, resources: 27, violations: 4 });
  });

  it.each([
    ["every-region", { exclude: ["*"] }],
    ["named-region", { include: ["us-east-1"], exclude: ["us-*"] }],
  ])("never calls a scan compliant that leaves %s out", async (name, regions) => {
    const { scans } = stack();
    await withScanner();
    await scans.apply({ name, spec: { credentials, regions } });
    const scan = await violationsOf(name);
    expect(condition(scan, "Ready")).toMatchObject({ status: "False", reason: "ScanFailed" });
    expect(condition(scan, "Compliant").status).toBe("Unknown");
    expect(scan.status?.failures).toMatchObject([{ account: A, reason: "NoMatchingRegion" }]);
  });

  it("keeps violations that it can no longer verify, and calls former passes unknown", async () => {
    const { scans, aws } = stack();
    await withScanner();
    await scans.apply({ name: "blinded", spec: oneRegion });
    await violationsOf("blinded");
    await aws.setFaults({ kind: "deny", operation: "ListNotebookInstances" });
    const token = await scans.request("blinded");
    const scan = await scans.until("blinded", "rescanned", ({ status }) =>
      expect(status?.lastHandledReconcileAt).toBe(token),
    );
    await aws.setFaults();
    expect(scan.status?.summary).toMatchObject({ violations: 4, unknown: 22, compliant: 1 });
    expect(scan.status?.violations?.find(({ name }) => name === "notebook-0")?.lastVerified).toBeDefined();
  });

  it("never lets one identity pass for two accounts", async () => {
    const { scans } = stack();
    await withScanner();
    await scans.apply({
      name: "borrowed",
      spec: { credentials, accounts: [{ id: A }, { id: B }], regions: { include: ["eu-west-1"] } },
    });
    const scan = await violationsOf("borrowed");
    expect(condition(scan, "Complete")).toMatchObject({ status: "False", reason: "AccountMismatch" });
    expect(condition(scan, "Compliant").status).toBe("Unknown");
    expect(scan.status?.failures).toMatchObject([{ account: B, reason: "AccountMismatch" }]);
  });

  it("chains roles with an external id", async () => {
    const { scans } = stack();
    await withScanner();
    const member = { id: B, roleArn: `arn:aws:iam::${B}:role/Member` };
    const spec = { credentials, regions: { include: ["eu-west-1"] } };
    await scans.apply({ name: "chained", spec: { ...spec, accounts: [{ ...member, externalId: "ext-1" }] } });
    expect((await violationsOf("chained")).status?.summary).toMatchObject({
      accounts: 1,
      resources: 4,
      compliant: 4,
    });
    await scans.apply({
      name: "unchained",
      spec: { ...spec, accounts: [{ ...member, externalId: "wrong" }] },
    });
    const refused = await violationsOf("unchained");
    expect(condition(refused, "Ready")).toMatchObject({ status: "False", reason: "ScanFailed" });
    expect(refused.status?.failures).toMatchObject([
      { account: B, operation: "AssumeRole", reason: "AccessDenied" },
    ]);
  });

  it("exempts what the spec exempts", async () => {
    const { scans, namespace } = stack();
    await withScanner();
    const expiresAt = new Date(Date.now() + 12 * 60 * 60_000).toISOString();
    const exemptions = [
      { name: "zero", reason: "SEC-1", expiresAt, match: { names: ["notebook-0"] } },
      { name: "past", reason: "SEC-2", expiresAt: "2020-01-01T00:00:00Z", match: { names: ["notebook-1"] } },
      { name: "tagged", reason: "SEC-3", match: { regions: ["*"], tags: { approved: "yes" } } },
      { name: "idle", reason: "SEC-4", match: { names: ["nobody-*"] } },
    ];
    await stack().aws.patchNotebook(PLACE, "notebook-2", { tags: { approved: "yes" } });
    await scans.apply({ name: "exempting", spec: { ...oneRegion, exemptions } });
    const scan = await violationsOf("exempting");
    expect(scan.status?.summary).toMatchObject({ violations: 2, exempt: 2 });
    expect(scan.status?.violations?.map(({ name }) => name).sort()).toEqual(["notebook-1", "silent"]);
    await eventually(async () => {
      const { items } = await getJson<{ items: { type: string; reason: string; note: string }[] }>(
        ["events.v1.events.k8s.io"],
        { namespace },
      );
      const told = items.filter(({ reason }) => reason.startsWith("Exemption"));
      expect(told.map(({ type, reason, note }) => [type, reason, note.split(".")[0]]).sort()).toEqual([
        ["Normal", "ExemptionUnused", expect.stringContaining("Exemption idle (SEC-4) covers nothing")],
        [
          "Warning",
          "ExemptionExpiring",
          `Exemption zero (SEC-1) ends within a day, at ${expiresAt.split(".")[0]}`,
        ],
      ]);
    });
  });

  it("says so where its report cannot be written, shows no old result as today's, and recovers", async () => {
    const { scans, namespace } = stack();
    await withScanner();
    const hard = { "count/awsaccountscanreports.awsaccountscan.dev": "0" };
    const quota = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "full" }, spec: { hard } };
    await applyYaml(JSON.stringify(quota), { namespace });
    // No controller computes it here.
    const status = JSON.stringify({ status: { hard, used: hard } });
    await kubectl(["patch", "quota", "full", "--subresource=status", "--type=merge", "-p", status], {
      namespace,
    });
    const probe = {
      apiVersion: "awsaccountscan.dev/v1alpha1",
      kind: "AwsAccountScanReport",
      metadata: { generateName: "probe-" },
      contents: { cells: [], coverage: [], failures: [], findings: [] },
    };
    await eventually(async () => {
      const { stderr } = await tryKubectl(["create", "--filename=-"], {
        namespace,
        input: JSON.stringify(probe),
      });
      expect(stderr).toContain("exceeded quota");
    });
    await scans.apply({ name: "homeless", spec: oneRegion });
    const refused = await scans.until("homeless", "told", (scan) =>
      expect(condition(scan, "Ready").reason).toBe("ReportNotWritten"),
    );
    expect(condition(refused, "Ready")).toMatchObject({
      status: "False",
      message: expect.stringContaining("Forbidden (403)"),
    });
    expect(condition(refused, "Compliant").status).toBe("Unknown");
    await kubectl(["delete", "quota", "full"], { namespace });
    expect((await violationsOf("homeless")).status?.summary?.violations).toBe(4);
  });

  it("stalls on a schedule that no clock keeps", async () => {
    const { scans } = stack();
    await withScanner();
    await scans.apply({ name: "crooked", spec: { credentials, schedule: "61 2 * * *" } });
    const scan = await scans.until("crooked", "stalled", (found) => condition(found, "Stalled"));
    expect(condition(scan, "Stalled")).toMatchObject({ status: "True", reason: "InvalidSchedule" });
    expect(condition(scan, "Ready").status).toBe("False");
  });

  it("answers 200 on its health endpoints and both expositions on /metrics", async () => {
    const { operator } = stack();
    for (const path of ["livez", "readyz", "healthz"]) {
      expect((await fetch(`${operator.healthUrl}/${path}`)).status).toBe(200);
    }
    const openMetrics = await fetch(`${operator.metricsUrl}/metrics`, {
      headers: { accept: "application/openmetrics-text" },
    });
    expect(openMetrics.headers.get("content-type")).toContain("application/openmetrics-text");
    expect(await openMetrics.text()).toMatch(/# EOF\n$/);
    const names = new Set((await operator.scrape()).map(({ name }) => name));
    for (const name of [
      "awsaccountscan_build_info",
      "workqueue_adds_total",
      "awsaccountscan_scan_duration_seconds_count",
      "process_cpu_seconds_total",
    ]) {
      expect(names).toContain(name);
    }
  });

  it("keeps Flux's condition rules in every status that it wrote", async () => {
    await eventually(() => expect(statuses?.written.some(({ name }) => name === "crooked")).toBe(true));
    for (const { name, generation, status } of statuses?.written ?? []) {
      const { observedGeneration = 0, conditions = [] } = status;
      expect({ name, broken: fluxFailures({ generation, observedGeneration, conditions }) }).toEqual({
        name,
        broken: [],
      });
    }
    expect(statuses?.written.length).toBeGreaterThan(30);
  });

  it("has changed nothing in AWS and logged no credential", async () => {
    const { aws, operator } = stack();
    expect((await aws.counters()).mutations).toBe(0);
    expect(operator.lines.filter((line) => /eyJ[\w-]{20,}|ASIA[A-Z0-9]{12}/.test(line))).toEqual([]);
    await kubectl(["get", "--raw", "/readyz"]);
  });
});
