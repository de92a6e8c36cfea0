import type { Registry } from "prom-client";
import { registerQueueMetrics } from "../controller/queue/prometheus-metrics.ts";
import { WorkQueue } from "../controller/queue/queue.ts";
import { ItemExponentialFailureRateLimiter } from "../controller/queue/rate-limiters.ts";
import { RateLimitingQueue } from "../controller/queue/rate-limiting-queue.ts";

/** Reconciles that fail are the API server's trouble: soon again at first, then every 15 s on average. */
const RETRY = { baseMs: 200, maxMs: 30_000, random: Math.random };

/** The queue of keys to reconcile, and that of scans to run. */
export function createQueues(registry: Registry): {
  readonly reconciles: RateLimitingQueue;
  readonly scans: WorkQueue;
} {
  const metrics = registerQueueMetrics([registry]);
  return {
    reconciles: new RateLimitingQueue(new ItemExponentialFailureRateLimiter(RETRY), {
      metrics: metrics("awsaccountscan"),
    }),
    scans: new WorkQueue({ metrics: metrics("scans") }),
  };
}
