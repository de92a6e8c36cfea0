import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from "prom-client";
import type { ExportResult } from "../controller/report-export.ts";
import type { Outcome } from "../report/record.ts";

/** What happens in the process, for those who run it. */
export interface ProcessMetrics {
  scanned(outcome: Outcome, durationMs: number): void;
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

/** What the process is, asked when it is scraped. */
export interface ProcessState {
  readonly build: Build;
  /** Whether the record of every scan that the cluster had at the start has been looked for. */
  restored(): boolean;
  /** Whether this process is the one that scans. */
  leader(): boolean;
}

export function registerProcessMetrics(registry: Registry, state: ProcessState): ProcessMetrics {
  const registers = [registry];
  new Gauge({
    name: "awsaccountscan_build_info",
    help: "The build that runs; always 1.",
    labelNames: ["version", "revision", "nodeversion"],
    registers,
  }).set({ ...state.build, nodeversion: process.version }, 1);
  const flags: readonly [string, string, () => boolean][] = [
    [
      "restored",
      "1 once the record of every scan has been restored after the start, else 0: until then series of scans are missing.",
      state.restored,
    ],
    ["leader", "1 where this process is the one that scans, else 0.", state.leader],
  ];
  for (const [name, help, value] of flags) {
    new Gauge({
      name: `awsaccountscan_${name}`,
      help,
      registers,
      collect() {
        this.set(value() ? 1 : 0);
      },
    });
  }

  const counter = <Label extends string, Value extends string>(
    name: string,
    help: string,
    label: Label,
    values: readonly Value[],
  ) => {
    const metric = new Counter({ name: `awsaccountscan_${name}`, help, labelNames: [label], registers });
    const labels = (value: Value) => ({ [label]: value }) as Record<Label, Value>;
    // From the start, so that a rate exists before the first event.
    for (const value of values) metric.inc(labels(value), 0);
    return (value: Value) => metric.inc(labels(value));
  };
  const scans = counter("scans_total", "Scans that ended, by outcome.", "outcome", OUTCOMES);
  const duration = new Histogram({
    name: "awsaccountscan_scan_duration_seconds",
    help: "How long scans took, from their first call to their last, in seconds.",
    buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600],
    registers,
  });
  return {
    scanned(outcome, durationMs) {
      scans(outcome);
      duration.observe(durationMs / 1_000);
    },
    reconciled: counter("reconcile_total", "Reconciles, by result.", "result", RECONCILE_RESULTS),
    exported: counter(
      "report_exports_total",
      "Attempts to bring a scan's openreports.io Reports up to date, by what came of them.",
      "result",
      EXPORT_RESULTS,
    ),
  };
}

/** prom-client's own, of the process and of Node. */
export function registerRuntimeMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  // Gauges by the suffix of counters, and sums of the series beside them.
  for (const kind of ["handles", "requests", "resources"])
    registry.removeSingleMetric(`nodejs_active_${kind}_total`);
}
