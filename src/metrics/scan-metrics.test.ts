import { describe, expect, it } from "vitest";
import {
  ACCOUNT,
  END,
  MetricSources,
  recordOf,
  START,
  violationOf,
} from "../../test/support/metric-sources.ts";
import { HOSTILE } from "../../test/support/scan-result.ts";
import { projectStatus } from "../controller/status.ts";

const seconds = (time: string) => Date.parse(time) / 1_000;

describe("what a spec says", () => {
  it("is when the scan was made, whether it is suspended and how long it may take", async () => {
    const sources = new MetricSources();
    sources.create({ name: "s", spec: { suspend: true, timeout: "1h30m" } });
    expect(await sources.value("created_timestamp_seconds")).toBe(seconds("2026-01-01T00:00:00Z"));
    expect(await sources.value("suspended")).toBe(1);
    expect(await sources.value("scan_timeout_seconds")).toBe(5_400);
    sources.create({ name: "s", spec: { interval: "5m" } });
    expect(await sources.value("suspended")).toBe(0);
    expect(await sources.value("scan_timeout_seconds")).toBe(300);
  });
});

describe("exemptions", () => {
  const match = { names: ["*"] };
  const exemption = (name: string, expiresAt?: string) => ({ name, reason: "SEC-1", match, expiresAt });

  it("have an end where they end, and no series of one where they do not", async () => {
    const sources = new MetricSources();
    sources.create({ name: "s", spec: { exemptions: [exemption("ends", END), exemption("stays")] } });
    const samples = await sources.samples("exemption_expiry_timestamp_seconds");
    expect(samples.map(({ labels, value }) => [labels["exemption"], value])).toEqual([
      ["ends", seconds(END)],
    ]);
  });

  it("count what they covered, 0 where that is nothing", async () => {
    const sources = new MetricSources();
    const key = sources.create({ name: "s", spec: { exemptions: [exemption("used"), exemption("idle")] } });
    expect(await sources.samples("exemption_resources")).toEqual([]);
    const covered = ["n1", "n2"].map((name) => violationOf(name, { verdict: "exempt", exemption: "used" }));
    const left = violationOf("n3", { verdict: "exempt", exemption: "removed since" });
    sources.know(key, { record: recordOf([...covered, left, violationOf("n4")]) });
    const samples = await sources.samples("exemption_resources");
    expect(samples.map(({ labels, value }) => [labels["exemption"], value])).toEqual([
      ["used", 2],
      ["idle", 0],
      ["removed since", 1],
    ]);
  });

  it("share a series where their names look the same", async () => {
    const sources = new MetricSources();
    const names = [exemption("a b", END), exemption("a\u0007b", START)];
    const findings = names.map(({ name }) => violationOf(name, { verdict: "exempt", exemption: name }));
    sources.know(sources.create({ name: "s", spec: { exemptions: names } }), { record: recordOf(findings) });
    expect(await sources.value("exemption_expiry_timestamp_seconds")).toBe(seconds(START));
    expect(await sources.value("exemption_resources")).toBe(2);
  });
});

describe("what a scan found", () => {
  it("is counted by verdict, zeros too", async () => {
    const sources = new MetricSources();
    sources.know(sources.create({ name: "s" }), { record: recordOf([violationOf("n")]) });
    const samples = await sources.samples("resources");
    const place = { account: ACCOUNT, region: "us-east-1", rule: "SageMaker-004" };
    const type = "AWS::SageMaker::NotebookInstance";
    expect(samples.map(({ labels, value }) => [labels["verdict"], value])).toEqual([
      ["compliant", 7],
      ["violation", 1],
      ["exempt", 0],
      ["unknown", 0],
    ]);
    for (const { labels } of samples)
      expect(labels).toMatchObject({ namespace: "team", scan: "s", type, ...place });
  });

  it("names accounts and what could be read of them", async () => {
    const sources = new MetricSources();
    const record = recordOf([]);
    const unread = { account: "222222222222", region: "", state: "denied" } as const;
    sources.know(sources.create({ name: "s" }), {
      record: { ...record, coverage: [...record.coverage, unread] },
    });
    const names = await sources.samples("account_info");
    expect(names.map(({ labels }) => [labels["account"], labels["account_name"]])).toEqual([
      [ACCOUNT, "payments"],
      ["222222222222", ""],
    ]);
    const coverage = await sources.samples("coverage");
    expect(coverage.map(({ labels }) => [labels["account"], labels["region"], labels["state"]])).toEqual([
      [ACCOUNT, "us-east-1", "covered"],
      ["222222222222", "", "denied"],
    ]);
  });

  it("says when something was last read, and nothing where nothing ever was", async () => {
    const sources = new MetricSources();
    const key = sources.create({ name: "s" });
    sources.know(key, { record: recordOf([]) });
    expect(await sources.value("last_success_timestamp_seconds")).toBe(seconds(END));
    sources.know(key, { record: recordOf([], { lastSuccessTime: undefined, outcome: "Failed" }) });
    expect(await sources.samples("last_success_timestamp_seconds")).toEqual([]);
  });
});

describe("how a scan stands", () => {
  it("is when it is due, where it is", async () => {
    const sources = new MetricSources();
    const key = sources.create({ name: "s" });
    sources.know(key, { nextScanAt: 1_500 });
    expect(await sources.value("next_scan_timestamp_seconds")).toBe(1.5);
    sources.know(key, {});
    expect(await sources.samples("next_scan_timestamp_seconds")).toEqual([]);
  });

  it("is how late it begins, and not told of one that rests", async () => {
    const sources = new MetricSources();
    const key = sources.create({ name: "s" });
    sources.know(key, { nextScanAt: 1_500, periodMs: 60_000 });
    expect(await sources.value("period_seconds")).toBe(60);
    expect(await sources.samples("schedule_lag_seconds")).toEqual([]);
    sources.now = 4_000;
    expect(await sources.value("schedule_lag_seconds")).toBe(2.5);
    const job = { id: "1", trigger: "Scheduled", generation: 1, requestedAt: undefined } as const;
    sources.jobs.set(key, { ...job, quietMs: 0, timeoutMs: 1, dueAt: 1_500, lagMs: 3_000 });
    expect(await sources.value("schedule_lag_seconds")).toBe(3);
    sources.jobs.clear();
    sources.know(key, { nextScanAt: 9_000, lagMs: 3_000 });
    expect(await sources.value("schedule_lag_seconds")).toBe(3);
    sources.create({ name: "s", spec: { suspend: true } });
    expect(await sources.samples("schedule_lag_seconds")).toEqual([]);
  });

  it("counts failures in a row, from 0, and does not guess where the record is lost", async () => {
    const sources = new MetricSources();
    const key = sources.create({ name: "s" });
    sources.know(key, { record: "none" });
    expect(await sources.value("consecutive_failures")).toBe(0);
    sources.know(key, { record: recordOf([], { consecutiveFailures: 4 }) });
    expect(await sources.value("consecutive_failures")).toBe(4);
    sources.know(key, { record: "missing", remains: recordOf([]) });
    expect(await sources.samples("consecutive_failures")).toEqual([]);
  });

  it("is told by the conditions of the status last written, each once", async () => {
    const sources = new MetricSources();
    const key = sources.create({ name: "s" });
    const status = (record: "none" | ReturnType<typeof recordOf>) =>
      projectStatus({
        scopeDigest: "",
        record,
        unwritten: undefined,
        stale: false,
        exemptionExpired: false,
        generation: 1,
        suspended: false,
        stalled: undefined,
        violationsBefore: false,
        before: undefined,
        job: undefined,
        nextScanAt: undefined,
        now: new Date(END),
      });
    const conditions = async () =>
      (await sources.samples("condition")).map(({ labels: { type, status, reason } }) => [
        type,
        status,
        reason,
      ]);
    sources.know(key, { status: status("none") });
    expect(await conditions()).toEqual([
      ["Ready", "Unknown", "Progressing"],
      ["Reconciling", "True", "Progressing"],
      ["Compliant", "Unknown", "NotScanned"],
      ["Complete", "Unknown", "NotScanned"],
    ]);
    const record = recordOf([violationOf("n")]);
    sources.know(key, { record, status: status(record) });
    expect(await conditions()).toEqual([
      ["Ready", "True", "Succeeded"],
      ["Compliant", "False", "ViolationsFound"],
      ["Complete", "True", "EverythingRead"],
    ]);
  });
});

it("lets nothing through that is no plain text, whatever an account, a resource or an exemption is called", async () => {
  const sources = new MetricSources();
  HOSTILE.forEach((text, n) => {
    const [cell] = recordOf([]).cells;
    const exemption = { name: text, reason: "r", expiresAt: END, match: {} };
    const key = sources.create({ name: `s-${n}`, spec: { exemptions: [exemption] } });
    const findings = [violationOf(text), violationOf("exempt", { verdict: "exempt", exemption: text })];
    const record = recordOf(findings);
    sources.know(key, {
      record: { ...record, coverage: [], cells: cell ? [{ ...cell, accountName: text }] : [] },
    });
  });
  const text = await sources.text();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
  expect(text.isWellFormed()).toBe(true);
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  for (const line of lines)
    expect(line).toMatch(/^[a-z_0-9]+(?:\{(?:\w+="(?:[^"\\\n]|\\["\\n])*",?)*\})? [-+\d.eInfNa]+$/);
  expect(new Set(lines.map((line) => line.slice(0, line.lastIndexOf(" ")))).size).toBe(lines.length);
  expect(await sources.samples("violation_info")).toHaveLength(HOSTILE.length);
  expect(await sources.samples("account_info")).toHaveLength(HOSTILE.length);
});
