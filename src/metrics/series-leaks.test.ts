import { pino } from "pino";
import { expect, it } from "vitest";
import { seriesOf } from "../../test/support/exposition.ts";
import { END, MetricSources, recordOf, violationOf } from "../../test/support/metric-sources.ts";
import { createQueues, scanSlots } from "../cli/queues.ts";
import { ScanRunner } from "../controller/scan-runner.ts";

const CYCLES = 10_000;
/** Scans that are there at once. */
const ALIVE = 50;

const exemption = {
  name: "accepted",
  reason: "SEC-1",
  expiresAt: "2099-01-01T00:00:00Z",
  match: { names: ["e"] },
};
const changes = (["Compliant", "Gone", "Exempt"] as const).map((how) => ({ finding: violationOf(how), how }));

it(`leaves the very series of before when ${CYCLES.toLocaleString("en")} scans have come, found something and gone`, {
  timeout: 120_000,
}, async () => {
  const sources = new MetricSources();
  const { metrics } = sources;
  const { scans: queue, reconciles } = createQueues(metrics.queue, scanSlots(1));
  const runner = new ScanRunner({
    concurrency: 4,
    queue,
    log: pino({ level: "silent" }),
    now: () => new Date(END),
    onChange: (key) => reconciles.add(key),
  });
  runner.start();
  // One that stays, whose series are not to be touched.
  sources.know(sources.create({ name: "stays" }), { record: recordOf([violationOf("n")]), nextScanAt: 1 });
  const before = seriesOf(await sources.text());

  /** What the reconciler does with a key: starts a scan, takes what it found, forgets what is gone. */
  async function reconcileNext(): Promise<void> {
    const key = (await reconciles.get()) ?? "";
    const scan = sources.scans.get(key);
    const job = runner.job(key);
    if (scan === undefined) {
      runner.cancel(key);
      sources.ledger.delete(key);
    } else if (job === undefined) {
      const record = recordOf([
        ...["a", "b", "c"].map((name) => violationOf(`${name}-${key.replace("/", "-")}`)),
        violationOf("e", { verdict: "exempt", exemption: exemption.name }),
      ]);
      const result = { record, changes: { found: [], resolved: changes } };
      const started = {
        id: key,
        trigger: "Initial" as const,
        generation: 1,
        requestedAt: undefined,
        dueAt: 0,
        quietMs: 0,
        timeoutMs: 60_000,
      };
      runner.submit(key, started, async () => result, "normal");
    } else if (job.result !== undefined) {
      const { record, changes } = job.result;
      sources.know(key, { record, nextScanAt: 1 });
      metrics.scanned("Complete", 1);
      metrics.resolved(scan.metadata.namespace, record, changes);
      metrics.awsRequest("sts", "AssumeRole", "denied", 1);
      metrics.exported("success");
      runner.cancel(key);
    }
    metrics.reconciled("success");
    reconciles.forget(key);
    reconciles.done(key);
  }

  for (let first = 0; first < CYCLES; first += ALIVE) {
    const keys = Array.from({ length: ALIVE }, (_, n) => {
      // Every other one in a namespace of its own, the others under names that come again.
      const at = n % 2 === 0 ? { name: "s", namespace: `ns-${first + n}` } : { name: `s-${n}` };
      return sources.create({ ...at, uid: `uid-${first + n}`, spec: { exemptions: [exemption] } });
    });
    for (const key of keys) reconciles.add(key);
    while (!keys.every((key) => sources.ledger.get(key) !== undefined)) await reconcileNext();
    if (first % 1_000 === 0) {
      expect(await sources.samples("violation_info")).toHaveLength(1 + 3 * ALIVE);
      expect(await sources.samples("exemption_resources")).toHaveLength(ALIVE);
      expect(await sources.samples("violation_resolution_seconds_count")).toHaveLength(2 * (1 + ALIVE / 2));
      await sources.text("application/openmetrics-text");
    }
    for (const key of keys) sources.delete(key);
    // The reconciler hears of it later, and a scrape comes first.
    if (first % 1_000 === 0) expect(seriesOf(await sources.text())).toEqual(before);
    for (const key of keys) reconciles.add(key);
    while (!keys.every((key) => sources.ledger.get(key) === undefined)) await reconcileNext();
  }

  expect(seriesOf(await sources.text())).toEqual(before);
  expect(await sources.value("scan_duration_seconds_count")).toBe(CYCLES);
  await runner.stop(AbortSignal.abort());
});
