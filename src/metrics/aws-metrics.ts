import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { RequestOutcome } from "../aws/calls/caller.ts";
import { SCAN_OPERATIONS } from "../aws/operations.ts";

const OUTCOMES: readonly RequestOutcome[] = [
  "success",
  "denied",
  "denied-by-scp",
  "throttled",
  "timed-out",
  "unreachable",
  "not-enabled",
  "unsupported",
  "failed",
];

/** What the cache of descriptions tells of itself. */
export interface CacheStats {
  /** By estimate. */
  readonly bytes: number;
  /** Resources that were looked for in it, and found. */
  readonly hits: number;
  readonly misses: number;
}

/** Takes in one attempt at a request, retries included. */
export type RequestMetric = (
  service: string,
  operation: string,
  outcome: RequestOutcome,
  durationMs: number,
) => void;

export function registerRequestMetrics(registry: Registry): RequestMetric {
  const registers = [registry];
  const requests = new Counter({
    name: "awsaccountscan_aws_requests_total",
    help: "Requests to AWS, retries included, by what came of them.",
    labelNames: ["service", "operation", "outcome"],
    registers,
  });
  const durations = new Histogram({
    name: "awsaccountscan_aws_request_duration_seconds",
    help: "How long requests to AWS took, each retry by itself and without the wait for its turn, in seconds.",
    labelNames: ["service", "operation"],
    // To the time after which an attempt is given up.
    buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers,
  });
  for (const [service, operations] of Object.entries(SCAN_OPERATIONS)) {
    for (const operation of operations) {
      durations.zero({ service, operation });
      for (const outcome of OUTCOMES) requests.inc({ service, operation, outcome }, 0);
    }
  }
  return (service, operation, outcome, durationMs) => {
    requests.inc({ service, operation, outcome });
    durations.observe({ service, operation }, durationMs / 1_000);
  };
}

/** How far `--description-cache-size` reaches: where it is full, unchanged instances are described again. */
export function registerCacheMetrics(registry: Registry, stats: () => CacheStats): void {
  const registers = [registry];
  new Counter({
    name: "awsaccountscan_description_cache_requests_total",
    help: "Resources that were looked for among the descriptions of unchanged ones, by whether they were found.",
    labelNames: ["result"],
    registers,
    collect() {
      const { hits, misses } = stats();
      this.reset();
      this.inc({ result: "hit" }, hits);
      this.inc({ result: "miss" }, misses);
    },
  });
  new Gauge({
    name: "awsaccountscan_description_cache_bytes",
    help: "Memory that descriptions of unchanged resources take, in bytes, by estimate.",
    registers,
    collect() {
      this.set(stats().bytes);
    },
  });
}
