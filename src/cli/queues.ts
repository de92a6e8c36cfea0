import type { Registry } from "prom-client";
import { systemClock } from "../controller/queue/clock.ts";
import { registerQueueMetrics } from "../controller/queue/prometheus-metrics.ts";
import { WorkQueue } from "../controller/queue/queue.ts";
import {
  BucketRateLimiter,
  ItemExponentialFailureRateLimiter,
  MaxOfRateLimiter,
} from "../controller/queue/rate-limiters.ts";
import { RateLimitingQueue } from "../controller/queue/rate-limiting-queue.ts";

/** Each key that failed waits longer every time, at most 30 s; all together no more than client-go lets through. */
function retryLimiter(): MaxOfRateLimiter {
  return new MaxOfRateLimiter(
    new ItemExponentialFailureRateLimiter({ baseMs: 200, maxMs: 30_000, random: Math.random }),
    new BucketRateLimiter({ perSecond: 10, burst: 100, clock: systemClock }),
  );
}

/** The queue of keys to reconcile, and that of scans to run. */
export function createQueues(registry: Registry): {
  readonly reconciles: RateLimitingQueue;
  readonly scans: WorkQueue;
} {
  const metrics = registerQueueMetrics([registry]);
  return {
    reconciles: new RateLimitingQueue(retryLimiter(), {
      metrics: metrics("awsaccountscan"),
    }),
    scans: new WorkQueue({ metrics: metrics("scans") }),
  };
}
