import { describe, expect, it } from "vitest";
import { seriesOf } from "../../test/support/exposition.ts";
import { MetricSources, recordOf, scanOf, violationOf } from "../../test/support/metric-sources.ts";

/** A family as prom-client keeps it. */
interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

const families = new MetricSources().registry.getMetricsAsArray() as unknown as readonly Family[];

const LABELS = [
  ["namespace", "scan", "account", "account_name", "region", "type", "rule", "verdict", "resource"],
  ["exemption", "state", "status", "reason", "outcome", "result", "resolution", "service", "operation"],
  ["name", "version", "revision", "nodeversion"],
  // prom-client's own.
  ["type", "space", "kind", "major", "minor", "patch"],
].flat();

/** https://prometheus.io/docs/practices/naming/ */
describe.each(families.map((family) => [family.name, family] as const))("%s", (name, family) => {
  const { type, help, labelNames } = family;

  it("is named by the conventions", () => {
    expect(name).toMatch(/^(?:awsaccountscan|workqueue|process|nodejs)_[a-z][a-z0-9_]*[a-z0-9]$/);
    expect(name.endsWith("_total")).toBe(type === "counter");
    expect(name).not.toMatch(
      /_(?:ms|millis\w*|minutes?|hours?|days?|kb|mb|kilobytes|megabytes|percent|pct)(?:_|$)/,
    );
    if (type === "histogram") expect(name).toMatch(/_(?:seconds|bytes)$/);
    if (name.includes("timestamp")) expect(name).toMatch(/_timestamp_seconds$/);
    // A time or a size is told in base units, and says so.
    if (/(?:_age|_duration|_timeout|_lag|_timestamp)/.test(name)) expect(name).toMatch(/_seconds$/);
    if (/(?:_memory|_heap_size|_cache_size)/.test(name)) expect(name).toMatch(/_bytes$/);
  });

  it("says what it means, and has no label that is not known", () => {
    expect(help).toMatch(/^\w.{12,160}\.$/);
    expect(labelNames.filter((label) => !LABELS.includes(label))).toEqual([]);
    if (name.startsWith("awsaccountscan_") && labelNames.includes("scan"))
      expect(labelNames.slice(0, 2)).toEqual(["namespace", "scan"]);
  });

  it("is an _info where it is always 1 and its labels tell all", () => {
    if (/always 1\.$/.test(help)) expect(name).toMatch(/_(?:info|coverage|condition)$/);
    if (name.endsWith("_info")) expect([type, labelNames.length > 0]).toEqual(["gauge", true]);
  });
});

describe("the series of a scan", () => {
  const violating = recordOf([violationOf("n1"), violationOf("n2")]);
  const seriesOfScan = async (sources: MetricSources) =>
    seriesOf(await sources.text()).filter((series) => series.includes('scan="s"'));

  it("begin with its spec, before anybody has looked into it", async () => {
    const sources = new MetricSources();
    sources.create({ name: "s" });
    expect(await seriesOfScan(sources)).toEqual([
      'awsaccountscan_created_timestamp_seconds{namespace="team",scan="s"}',
      'awsaccountscan_scan_info{namespace="team",scan="s"}',
      'awsaccountscan_scan_timeout_seconds{namespace="team",scan="s"}',
      'awsaccountscan_suspended{namespace="team",scan="s"}',
    ]);
  });

  it("are its name alone where another replica works on it", async () => {
    const sources = new MetricSources();
    sources.elsewhere.push(scanOf({ name: "s" }));
    expect(await seriesOfScan(sources)).toEqual(['awsaccountscan_scan_info{namespace="team",scan="s"}']);
  });

  it("end with the scan, whether or not the reconciler has heard of it", async () => {
    const sources = new MetricSources();
    const before = seriesOf(await sources.text());
    const key = sources.create({ name: "s" });
    sources.know(key, { record: violating, nextScanAt: 1 });
    expect(await sources.samples("violation_info")).toHaveLength(2);
    sources.delete(key);
    expect(seriesOf(await sources.text())).toEqual(before);
  });

  it("end with its deletion, even where a finalizer holds it", async () => {
    const sources = new MetricSources();
    const facts = {
      name: "s",
      spec: { exemptions: [{ name: "e", reason: "r", expiresAt: "2027-01-01T00:00:00Z", match: {} }] },
    };
    sources.know(sources.create(facts), { record: violating });
    sources.create({ ...facts, deletionTimestamp: "2026-03-01T00:00:00Z" });
    expect(await seriesOfScan(sources)).toEqual([]);
  });

  it("are not those of another scan that had its name", async () => {
    const sources = new MetricSources();
    sources.know(sources.create({ name: "s", uid: "old" }), { record: violating, nextScanAt: 1 });
    sources.create({ name: "s", uid: "new" });
    expect(await sources.samples("violation_info")).toEqual([]);
    expect(await seriesOfScan(sources)).toHaveLength(4);
  });
});

it("tells whether records are restored, and who scans", async () => {
  const sources = new MetricSources();
  sources.restored = false;
  expect(await sources.value("restored")).toBe(0);
  sources.restored = true;
  expect(await sources.value("restored")).toBe(1);
  expect(await sources.value("leader")).toBe(1);
});

it("leaves out the time since the API server's last answer before there was one", async () => {
  expect(await new MetricSources().samples("watch_last_contact_age_seconds")).toEqual([]);
});

it("has every closed set of labels at 0 before the first event", async () => {
  const sources = new MetricSources();
  const outcomes = await sources.samples("aws_requests_total");
  expect(outcomes).toHaveLength(12 * 9);
  expect(outcomes.every(({ value }) => value === 0)).toBe(true);
  expect(await sources.samples("aws_request_duration_seconds_count")).toHaveLength(12);
  for (const [name, values] of [
    ["scans_total", 3],
    ["reconcile_total", 3],
    ["report_exports_total", 3],
    ["description_cache_requests_total", 2],
  ] as const)
    expect(await sources.samples(name)).toHaveLength(values);
});
