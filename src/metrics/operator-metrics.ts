import type { Registry } from "prom-client";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import type { Job } from "../controller/job.ts";
import type { LedgerEntry } from "../controller/ledger.ts";
import type { QueueMetrics } from "../controller/queue/metrics.ts";
import {
  type CacheStats,
  type RequestMetric,
  registerCacheMetrics,
  registerRequestMetrics,
} from "./aws-metrics.ts";
import { registerExemptionMetrics } from "./exemption-metrics.ts";
import {
  type ProcessMetrics,
  type ProcessState,
  registerProcessMetrics,
  registerRuntimeMetrics,
} from "./process-metrics.ts";
import { registerQueueMetrics } from "./queue-metrics.ts";
import { type ResolutionMetric, registerResolutionMetric } from "./resolution-metrics.ts";
import { registerScanInfoMetric } from "./scan-info-metric.ts";
import { registerScanResultMetrics } from "./scan-result-metrics.ts";
import { liveScans, resultsOf } from "./scan-results.ts";
import { registerScanSpecMetrics } from "./scan-spec-metrics.ts";
import { registerScanStateMetrics } from "./scan-state-metrics.ts";
import { registerScheduleMetrics } from "./schedule-metrics.ts";
import { registerViolationMetrics } from "./violation-metrics.ts";
import { registerWatchMetrics, type WatchStats } from "./watch-metrics.ts";

/** Where metrics are read from when they are scraped. Nothing is asked before. */
export interface MetricSources extends ProcessState {
  /** Every scan of the cluster, as far as it is known; none where the process does not scan. */
  known(): readonly AwsAccountScan[];
  /** Those of them that this process works on. */
  scans(): readonly AwsAccountScan[];
  /** What is known of the scan of a key, `namespace/name`. */
  entryOf(key: string): LedgerEntry | undefined;
  /** The scan of a key that waits or runs, if any. */
  jobOf(key: string): Job | undefined;
  descriptions(): CacheStats;
  watch(): WatchStats;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** What is told when it happens. */
export interface OperatorMetrics extends ProcessMetrics {
  readonly awsRequest: RequestMetric;
  readonly resolved: ResolutionMetric;
  /** The metrics of the queue of that name, which must be new. */
  readonly queue: (name: string) => QueueMetrics;
}

/** Registers all that the operator exposes. */
export function registerOperatorMetrics(registry: Registry, sources: MetricSources): OperatorMetrics {
  const scans = () => liveScans(sources.scans());
  const results = () => resultsOf(sources.scans(), (key) => sources.entryOf(key));
  registerScanInfoMetric(registry, () => liveScans(sources.known()));
  registerScanSpecMetrics(registry, scans);
  registerScanStateMetrics(registry, results);
  registerScheduleMetrics(registry, {
    results,
    jobOf: (key) => sources.jobOf(key),
    now: () => sources.now(),
  });
  registerScanResultMetrics(registry, results);
  registerViolationMetrics(registry, results);
  registerExemptionMetrics(registry, scans, results);
  const resolved = registerResolutionMetric(registry, () => namespacesOf(scans()));
  const process = registerProcessMetrics(registry, sources);
  const awsRequest = registerRequestMetrics(registry);
  registerCacheMetrics(registry, () => sources.descriptions());
  registerWatchMetrics(registry, () => sources.watch());
  const queue = registerQueueMetrics([registry]);
  registerRuntimeMetrics(registry);
  return { ...process, awsRequest, resolved, queue };
}

function* namespacesOf(scans: Iterable<AwsAccountScan>): Generator<string> {
  for (const { metadata } of scans) yield metadata.namespace;
}
