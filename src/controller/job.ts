import type { RecordDiff } from "../report/diff.ts";
import type { ScanRecord, Trigger } from "../report/record.ts";
import type { TraceIds } from "../tracing/span.ts";

/** What a scan came to: its record, and what changed against the one before. */
export interface JobResult {
  readonly record: ScanRecord;
  readonly changes: RecordDiff;
  /** For the log; undefined where tracing is off. */
  readonly trace?: TraceIds | undefined;
}

/** One run of one scan, from the decision to start it until its result is taken. */
export interface Job {
  readonly id: string;
  readonly trigger: Trigger;
  /** The spec's generation that it scans. */
  readonly generation: number;
  readonly requestedAt: string | undefined;
  /** For how long (ms) its run is no news: most scans end sooner, and to say of each that it has begun is a write to the cluster. */
  readonly quietMs: number;
  /** After which what has not been read is given up. */
  readonly timeoutMs: number;
  /** When it was due by the schedule, or else when it was decided on (ms). */
  readonly dueAt: number;
  /** How much later it began (ms); undefined while the scan waits for its turn. */
  lagMs?: number | undefined;
  /** RFC 3339; undefined while the scan waits for its turn. */
  startTime?: string | undefined;
  /** Whether it ran for longer than it is quiet. */
  isNews?: boolean | undefined;
  /** How long it ran, once it ended. */
  durationMs?: number | undefined;
  /** Its outcome, once it ended. */
  result?: JobResult | undefined;
  /** When it ended without one (ms), by a defect of the operator. */
  failedAt?: number | undefined;
}
