import { beforeAll, describe, expect, it } from "vitest";
import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import { API_VERSION } from "../../src/api/names.ts";
import { exportReports } from "../../src/controller/open-reports.ts";
import type { RecordedFinding, ScanRecord } from "../../src/report/record.ts";
import { NOTEBOOK_INSTANCE } from "../../src/rules/resource.ts";
import { ownControlPlane } from "../support/cluster.ts";
import {
  adminKubeConfig,
  clientOf,
  failureOf,
  proxiedKubeConfig,
  startFaultProxy,
} from "../support/kube-client-harness.ts";
import { installReportsApi, reportsOfScan, resultsIn, versionsOf } from "../support/open-reports.ts";

const cluster = ownControlPlane();
const at = () => ({ namespace: "default", kubeconfig: cluster().adminKubeconfigPath });

const scanOf = (name: string): AwsAccountScan => ({
  apiVersion: API_VERSION,
  kind: "AwsAccountScan",
  metadata: {
    name,
    namespace: "default",
    uid: `uid-of-${name}`,
    resourceVersion: "1",
    generation: 1,
    creationTimestamp: "2026-01-01T00:00:00Z",
  },
  spec: { credentials: { serviceAccountName: "scanner" } },
});

/** Of every other one, nothing is known but that it exists. */
const findings = (count: number): RecordedFinding[] =>
  Array.from({ length: count }, (_, n) => ({
    rule: "SageMaker-004",
    verdict: n % 2 === 0 ? "violation" : "unknown",
    arn: `arn:aws:sagemaker:us-east-1:111111111111:notebook-instance/n-${n}`,
    type: NOTEBOOK_INSTANCE,
    account: "111111111111",
    region: "us-east-1",
    name: `n-${n}`,
    reason: n % 2 === 0 ? "DirectInternetAccessEnabled" : "AccessDenied",
    message: "m".repeat(200),
    evidence: {},
    ...(n % 2 === 0 && { firstSeen: "2026-01-01T00:00:00Z" }),
  }));

const recordOf = (count: number, startTime: string): ScanRecord => ({
  scan: {
    id: "1",
    trigger: "Scheduled",
    generation: 1,
    scopeDigest: "",
    startTime,
    completionTime: startTime,
    outcome: "Complete",
    consecutiveFailures: 0,
  },
  cells: [],
  coverage: [{ account: "111111111111", region: "us-east-1", state: "covered" }],
  failures: [],
  findings: findings(count),
});

const FIRST = "2026-01-05T00:00:00Z";
const LATER = "2026-01-06T00:00:00Z";
const seconds = (time: string) => Date.parse(time) / 1_000;
const client = () => clientOf(adminKubeConfig(cluster()));
const fresh = (count: number, startTime = FIRST) => ({
  record: recordOf(count, startTime),
  doubt: undefined,
});
const STALE = { reason: "Stale", message: "Nothing has been verified since then.", since: LATER };

beforeAll(() => installReportsApi(cluster().adminKubeconfigPath));

it("asks for nothing more once its time is over", async () => {
  const proxy = await startFaultProxy(cluster());
  const slow = clientOf(proxiedKubeConfig(adminKubeConfig(cluster()), proxy));
  await expect(exportReports(slow, scanOf("late"), fresh(10), 0)).rejects.toThrow(
    "exporting the reports of default/late: not done within 0 s",
  );
  expect(Object.values(proxy.seen).flat()).toEqual([]);
});

describe("an export that the API server refuses half-way", () => {
  it("leaves every result in the cluster, and the next one its age", async () => {
    const scan = scanOf("refused");
    await exportReports(client(), scan, fresh(100));
    const [single, ...none] = await reportsOfScan("refused", at());
    expect(none).toEqual([]);
    const known = new Set((single?.results ?? []).map(({ properties }) => properties["resultID"]));
    expect(known.size).toBe(100);

    const proxy = await startFaultProxy(cluster());
    const status = {
      kind: "Status",
      status: "Failure",
      reason: "Forbidden",
      code: 403,
      message: "exceeded quota",
    };
    const headers = { "content-type": "application/json" };
    let patches = 0;
    proxy.fail({
      on: "other",
      // The second report that is written, and everything after it.
      when: ({ pathname }) => pathname.includes("/reports/") && ++patches > 1,
      times: Number.POSITIVE_INFINITY,
      status: 403,
      headers,
      body: JSON.stringify(status),
    });
    const refused = clientOf(proxiedKubeConfig(adminKubeConfig(cluster()), proxy));
    expect((await failureOf(exportReports(refused, scan, fresh(1_000, LATER)))).status).toBe(403);
    const left = new Set(
      resultsIn(await reportsOfScan("refused", at())).map(({ properties }) => properties["resultID"]),
    );
    expect(known.difference(left)).toEqual(new Set());

    await exportReports(client(), scan, fresh(1_000, LATER));
    const after = await reportsOfScan("refused", at());
    expect(after.length).toBeGreaterThan(1);
    const results = resultsIn(after);
    expect(results).toHaveLength(1_000);
    const errors = results.filter(({ result }) => result === "error");
    const aged = errors.filter(({ properties }) => known.has(properties["resultID"]));
    expect(aged).toHaveLength(50);
    expect(new Set(aged.map(({ timestamp }) => timestamp.seconds))).toEqual(new Set([seconds(FIRST)]));
  });
});

describe("results that move to other reports", () => {
  it("are told once more when the old report is gone, for readers that have a row for each result", async () => {
    const scan = scanOf("moved");
    await exportReports(client(), scan, fresh(100));
    const [{ metadata: { uid } = {} } = {}] = await reportsOfScan("moved", at());
    await exportReports(client(), scan, fresh(1_000));
    const split = await reportsOfScan("moved", at());
    expect(split.length).toBeGreaterThan(1);
    for (const { metadata } of split)
      expect(metadata.annotations).toMatchObject({ "awsaccountscan.dev/replaces": uid });
    expect(await exportReports(client(), scan, fresh(1_000))).toMatchObject({ written: 0, deleted: 0 });
    await exportReports(client(), scan, fresh(100));
    const merged = await reportsOfScan("moved", at());
    expect(merged.map(({ results }) => results.length)).toEqual([100]);
  });
});

describe("a doubt about a scan", () => {
  const doubts = async (name: string) =>
    resultsIn(await reportsOfScan(name, at())).filter(
      ({ resources: [{ kind }] }) => kind === "AwsAccountScan",
    );

  it("is one error on the scan itself, written once, and gone when the result is fresh", async () => {
    const scan = scanOf("doubted");
    await exportReports(client(), scan, fresh(0));
    const stale = { record: recordOf(0, FIRST), doubt: STALE };
    await exportReports(client(), scan, stale);
    expect(await doubts("doubted")).toMatchObject([
      {
        result: "error",
        resources: [{ name: "doubted", uid: "uid-of-doubted" }],
        timestamp: { seconds: seconds(LATER) },
        properties: { reason: "Stale" },
      },
    ]);
    const before = versionsOf(await reportsOfScan("doubted", at()));
    // As another process sees it, which learns of it later.
    const again = { ...stale, doubt: { ...STALE, since: "2026-01-07T00:00:00Z" } };
    expect(await exportReports(client(), scan, again)).toMatchObject({ written: 0 });
    expect(versionsOf(await reportsOfScan("doubted", at()))).toEqual(before);
    await exportReports(client(), scan, fresh(0));
    expect(await doubts("doubted")).toEqual([]);
  });

  it.each([100, 1_000])(
    "stands beside what the cluster knows of %d findings whose record is lost",
    async (count) => {
      const name = `lost-${count}`;
      const scan = scanOf(name);
      await exportReports(client(), scan, fresh(count));
      const before = await reportsOfScan(name, at());
      const lost = { record: "missing" as const, doubt: { ...STALE, reason: "RecordLost" } };
      expect(await exportReports(client(), scan, lost)).toMatchObject({ written: 1, deleted: 0 });
      const after = await reportsOfScan(name, at());
      expect(after).toHaveLength(before.length);
      expect(resultsIn(after)).toHaveLength(count + 1);
      expect(after.reduce((sum, { summary }) => sum + summary.error, 0)).toBe(count / 2 + 1);
      expect(await doubts(name)).toMatchObject([{ result: "error", properties: { reason: "RecordLost" } }]);
      expect(await exportReports(client(), scan, lost)).toMatchObject({ written: 0, deleted: 0 });
      await exportReports(client(), scan, fresh(count));
      expect(await doubts(name)).toEqual([]);
    },
  );

  it("makes a report where there is none", async () => {
    const lost = { record: "missing" as const, doubt: STALE };
    await exportReports(client(), scanOf("nothing"), lost);
    expect(await doubts("nothing")).toHaveLength(1);
  });
});
