import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from "prom-client";
import type { RequestOutcome } from "../aws/calls/caller.ts";
import type { ExportResult } from "../controller/report-export.ts";
import type { Outcome } from "../report/record.ts";

/** What happens in the process, for those who run it. */
export interface ProcessMetrics {
  scanned(outcome: Outcome, durationMs: number): void;
  awsRequest(service: string, operation: string, outcome: RequestOutcome): void;
  reconciled(result: ReconcileResult): void;
  exported(result: ExportResult): void;
}

/** controller-runtime's words. */
export type ReconcileResult = "success" | "requeue_after" | "error";

const OUTCOMES: readonly Outcome[] = ["Complete", "Incomplete", "Failed"];
const RECONCILE_RESULTS: readonly ReconcileResult[] = ["success", "requeue_after", "error"];
const EXPORT_RESULTS: readonly ExportResult[] = ["success", "not_served", "error"];

export interface Build {
  readonly version: string;
  readonly revision: string;
}

export function registerProcessMetrics(registry: Registry, build: Build): ProcessMetrics {
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  new Gauge({
    name: "awsaccountscan_build_info",
    help: "The build that runs; always 1.",
    labelNames: ["version", "revision", "nodeversion"],
    registers,
  }).set({ ...build, nodeversion: process.version }, 1);

  const duration = new Histogram({
    name: "awsaccountscan_scan_duration_seconds",
    help: "How long scans took, from their first call to their last.",
    buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600],
    registers,
  });
  const scans = new Counter({
    name: "awsaccountscan_scans_total",
    help: "Scans that ended, by outcome.",
    labelNames: ["outcome"],
    registers,
  });
  const requests = new Counter({
    name: "awsaccountscan_aws_requests_total",
    help: "Requests to AWS, retries included, by what came of them.",
    labelNames: ["service", "operation", "outcome"],
    registers,
  });
  const reconciles = new Counter({
    name: "awsaccountscan_reconcile_total",
    help: "Reconciles, by result.",
    labelNames: ["result"],
    registers,
  });
  const exports = new Counter({
    name: "awsaccountscan_report_exports_total",
    help: "Attempts to bring a scan's openreports.io Reports up to date, by what came of them.",
    labelNames: ["result"],
    registers,
  });
  // From the start, so that a rate exists before the first error.
  for (const outcome of OUTCOMES) scans.inc({ outcome }, 0);
  for (const result of RECONCILE_RESULTS) reconciles.inc({ result }, 0);
  for (const result of EXPORT_RESULTS) exports.inc({ result }, 0);

  return {
    scanned(outcome, durationMs) {
      scans.inc({ outcome });
      duration.observe(durationMs / 1_000);
    },
    awsRequest: (service, operation, outcome) => requests.inc({ service, operation, outcome }),
    reconciled: (result) => reconciles.inc({ result }),
    exported: (result) => exports.inc({ result }),
  };
}

/** How much of `--description-cache-size` is used: a cache that is full has unchanged instances described again. */
export function registerCacheMetrics(registry: Registry, bytes: () => number): void {
  new Gauge({
    name: "awsaccountscan_description_cache_bytes",
    help: "Memory that descriptions of unchanged resources take, by estimate.",
    registers: [registry],
    collect() {
      this.set(bytes());
    },
  });
}
