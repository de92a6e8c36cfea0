import type { Registry } from "prom-client";
import type { Job } from "../controller/job.ts";
import { scheduleLagMs } from "../controller/schedule-lag.ts";
import { identity, type ScanResult } from "./scan-results.ts";
import { registerScrapedGauge } from "./scraped-gauge.ts";

export interface ScheduleSources {
  results(): Iterable<ScanResult>;
  /** The scan of a key, `namespace/name`, that waits or runs. */
  jobOf(key: string): Job | undefined;
  now(): number;
}

/** How scans keep to their schedules. Times are ms since the epoch. */
export function registerScheduleMetrics(registry: Registry, { results, jobOf, now }: ScheduleSources): void {
  registerScrapedGauge(
    registry,
    {
      name: "awsaccountscan_next_scan_timestamp_seconds",
      help: "When the next scan is due, in seconds since the epoch; absent for suspended scans, for those whose spec is at fault, and before the first has ended.",
      labelNames: ["namespace", "scan"],
    },
    function* () {
      for (const { entry } of results()) {
        if (entry.nextScanAt !== undefined)
          yield { labels: identity(entry), value: entry.nextScanAt / 1_000 };
      }
    },
  );

  registerScrapedGauge(
    registry,
    {
      name: "awsaccountscan_period_seconds",
      help: "The time between two scans by the spec's interval or schedule, or by what holds without them, in seconds.",
      labelNames: ["namespace", "scan"],
    },
    function* () {
      for (const { entry } of results()) {
        if (entry.periodMs !== undefined) yield { labels: identity(entry), value: entry.periodMs / 1_000 };
      }
    },
  );

  registerScrapedGauge(
    registry,
    {
      name: "awsaccountscan_schedule_lag_seconds",
      help: "How late, in seconds, the last scan began, or by now the next one is where it is overdue and that is more; absent for suspended scans, and where neither is known.",
      labelNames: ["namespace", "scan"],
    },
    function* () {
      for (const { scan, entry } of results()) {
        if (scan.spec.suspend === true) continue;
        const { namespace, name, lagMs: lastLagMs, nextScanAt } = entry;
        const job = jobOf(`${namespace}/${name}`);
        const lagMs = scheduleLagMs({ job, lastLagMs, nextScanAt, now: now() });
        if (lagMs !== undefined) yield { labels: identity(entry), value: lagMs / 1_000 };
      }
    },
  );
}
