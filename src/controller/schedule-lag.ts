import type { Job } from "./job.ts";

/** What tells how late a scan is. Times are ms since the epoch. */
export interface LagFacts {
  /** The scan that waits, runs or has ended, until its result is taken. */
  readonly job: Pick<Job, "dueAt" | "lagMs"> | undefined;
  /** How much later than due (ms) the scan began whose result was taken last; undefined where that is not known. */
  readonly lastLagMs: number | undefined;
  /** When the next scan is due; undefined where none is. */
  readonly nextScanAt: number | undefined;
  readonly now: number;
}

/**
 * How much later than due (ms) the last scan began; while the next one is overdue and has not begun, how late that is by
 * now, if it is more. Undefined where neither is known.
 */
export function scheduleLagMs({ job, lastLagMs, nextScanAt, now }: LagFacts): number | undefined {
  // It has begun: what was due has been seen to.
  if (job?.lagMs !== undefined) return job.lagMs;
  const dueAt = job?.dueAt ?? nextScanAt;
  const isOverdue = dueAt !== undefined && (job !== undefined || dueAt < now);
  const overdueMs = isOverdue ? Math.max(0, now - dueAt) : undefined;
  if (lastLagMs === undefined || overdueMs === undefined) return lastLagMs ?? overdueMs;
  return Math.max(lastLagMs, overdueMs);
}
