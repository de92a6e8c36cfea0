import type { ScanRecord, Trigger } from "../report/record.ts";
import type { Job } from "./job.ts";
import type { Schedule } from "./schedule.ts";

/** All that decides what a scan should do now: facts of the resource, of its record and of the process. */
export interface Situation {
  readonly generation: number;
  readonly suspended: boolean;
  readonly requestedAt: string | undefined;
  readonly lastHandledRequest: string | undefined;
  readonly schedule: Schedule;
  /** `missing` where a scan has run before and its record cannot be read in full. */
  readonly record: Pick<ScanRecord, "scan"> | "none" | "missing";
  /** The scan that runs or waits for its turn, if any. */
  readonly job: Pick<Job, "generation" | "requestedAt" | "startTime"> | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type Decision =
  /** Run nothing; a job under way is to be cancelled. */
  | { readonly kind: "suspend" }
  /** Let the job under way go on. */
  | { readonly kind: "continue" }
  /** Start a scan, in place of a job under way. */
  | {
      readonly kind: "start";
      readonly trigger: Trigger;
      /** By the schedule; `now` where it is no clock that asks for the scan. */
      readonly dueAt: number;
    }
  /** Nothing to do until then (ms since the epoch). */
  | { readonly kind: "wait"; readonly until: number };

/** What the clocks of two machines may differ by, and nothing need be done about it. */
const CLOCK_TOLERANCE_MS = 60_000;

const RETRY_BASE_MS = 10_000;
const RETRY_CAP_MS = 5 * 60_000;

/** What to do now. Pure: the same situation has the same answer in every process. */
export function decide(situation: Situation): Decision {
  const { generation, suspended, requestedAt, record, job, now } = situation;
  if (suspended) return { kind: "suspend" };
  const requested = requestedAt !== undefined && requestedAt !== situation.lastHandledRequest;
  const start = (trigger: Trigger, dueAt = now): Decision => ({ kind: "start", trigger, dueAt });
  if (job !== undefined) {
    if (job.generation !== generation) return start("SpecChange");
    // A request that comes while its scan still waits moves it ahead; one that comes later wants another scan.
    const overtakes = requested && job.startTime === undefined && job.requestedAt !== requestedAt;
    return overtakes ? start("Requested") : { kind: "continue" };
  }
  if (record === "none") return start("Initial");
  if (record === "missing") return start("RecordLost");
  if (record.scan.generation !== generation) return start("SpecChange");
  if (requested) return start("Requested");
  // Else the next scan would be due as much too late as the clock was ahead.
  if (isFromFuture(record.scan, now)) return start("Scheduled");
  const { at, trigger } = nextScan(record.scan, situation.schedule);
  return now >= at ? start(trigger, at) : { kind: "wait", until: at };
}

/** Whether `last` began at a time that is yet to come: by a clock that was ahead then, or is behind now. */
export function isFromFuture({ startTime }: Pick<ScanRecord["scan"], "startTime">, now: number): boolean {
  return Date.parse(startTime) > now + CLOCK_TOLERANCE_MS;
}

/** When the scan after `last` is due, and why. A failed one is tried again sooner, ever less often. */
export function nextScan(
  last: ScanRecord["scan"],
  schedule: Schedule,
): { readonly at: number; readonly trigger: Trigger } {
  const scheduled = schedule.nextAfter(Date.parse(last.startTime));
  if (last.consecutiveFailures === 0) return { at: scheduled, trigger: "Scheduled" };
  const tookMs = Date.parse(last.completionTime) - Date.parse(last.startTime);
  // At least as long as it took: one that always hangs until its timeout has a slot for half the time at most.
  const backoff = Math.max(
    tookMs,
    Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** (last.consecutiveFailures - 1)),
  );
  const retry = Date.parse(last.completionTime) + backoff;
  return retry < scheduled ? { at: retry, trigger: "Retry" } : { at: scheduled, trigger: "Scheduled" };
}

/** The times (ms) between which a result may be taken for today's. */
export interface Freshness {
  /** A clock that is further behind than this says nothing of how old the result is. */
  readonly since: number;
  /** From here on the result is stale. */
  readonly until: number;
}

/**
 * When the result of `last` is fresh: until well past the time at which the next scan should have ended. Until
 * then a late scan is the queue's affair; afterwards nobody may take the old result for today's. A result from the future
 * is allowed to be as far from now as one from the past.
 */
export function freshness(
  last: Pick<ScanRecord["scan"], "startTime">,
  schedule: Schedule,
  timeoutMs: number,
): Freshness {
  const start = Date.parse(last.startTime);
  const until = schedule.nextAfter(start) + timeoutMs + Math.max(GRACE_MS, schedule.periodMs);
  return { since: start - (until - start), until };
}

/** Whether `now` (ms) is outside of it. */
export function isStale({ since, until }: Freshness, now: number): boolean {
  return now < since || now >= until;
}

const GRACE_MS = 60_000;
