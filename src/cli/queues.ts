import { systemClock } from "../controller/queue/clock.ts";
import type { QueueMetrics } from "../controller/queue/metrics.ts";
import { type Slots, WorkQueue } from "../controller/queue/queue.ts";
import {
  BucketRateLimiter,
  ItemExponentialFailureRateLimiter,
  MaxOfRateLimiter,
} from "../controller/queue/rate-limiters.ts";
import { RateLimitingQueue } from "../controller/queue/rate-limiting-queue.ts";

/** Each key that failed waits longer every time; all together no more than client-go lets through. */
function retryLimiter(maxMs: number): MaxOfRateLimiter {
  return new MaxOfRateLimiter(
    new ItemExponentialFailureRateLimiter({ baseMs: 200, maxMs, random: Math.random }),
    new BucketRateLimiter({ perSecond: 10, burst: 100, clock: systemClock }),
  );
}

/** The places of `concurrentScans` scans, and half as many that no namespace whose scans hang can take from the others. */
export function scanSlots(concurrentScans: number): Slots {
  return { shared: concurrentScans, spare: Math.ceil(concurrentScans / 2) };
}

/** The queue of keys to reconcile, that of scans to run, and that of records to export. */
export function createQueues(
  metrics: (name: string) => QueueMetrics,
  slots: Slots,
): {
  readonly reconciles: RateLimitingQueue;
  readonly scans: WorkQueue;
  readonly exports: RateLimitingQueue;
} {
  return {
    reconciles: new RateLimitingQueue(retryLimiter(30_000), {
      metrics: metrics("awsaccountscan"),
    }),
    scans: new WorkQueue({ slots, metrics: metrics("scans") }),
    // Nobody's status waits for an export, and what forbids it is rarely mended within a minute.
    exports: new RateLimitingQueue(retryLimiter(5 * 60_000), { metrics: metrics("exports") }),
  };
}
