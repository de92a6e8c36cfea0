import type { AwsAccountScan, AwsAccountScanSpec } from "../api/generated/awsaccountscan.ts";
import { isStallReason, type StallReason } from "../api/reasons.ts";
import { scanTimeoutMs } from "../api/scan-timeout.ts";
import type { ScanFacts } from "../report/record.ts";
import { selectRules } from "../rules/registry.ts";
import { expiriesOf } from "../scan/exemptions.ts";
import { freshness, isFromFuture, isStale, nextScan } from "./decide.ts";
import { InvalidScheduleError, parseSchedule, type Schedule, withExpiries } from "./schedule.ts";

/** What a spec asks for in time. */
export interface Plan {
  /** The operator's default interval where the spec's own cannot be read. */
  readonly schedule: Schedule;
  readonly timeoutMs: number;
  /** When exemptions end (ms). */
  readonly expiries: readonly number[];
  readonly suspended: boolean;
  /** Why no scan can run until the spec changes. */
  readonly stalled: { readonly reason: StallReason; readonly message: string } | undefined;
}

export function planOf({ spec, metadata }: AwsAccountScan, defaultIntervalMs: number): Plan {
  const expiries = expiriesOf(spec.exemptions ?? []);
  const rest = { timeoutMs: scanTimeoutMs(spec), expiries, suspended: spec.suspend ?? false };
  const stalled = stallOf(spec);
  const schedule = parseSchedule(stalled === undefined ? spec : {}, defaultIntervalMs, metadata.uid);
  return stalled === undefined
    ? { ...rest, schedule: withExpiries(schedule, expiries), stalled }
    : { ...rest, schedule, stalled };
}

/** What of a spec that the API server takes no scan can do; undefined where there is nothing. */
export function stallOf(spec: AwsAccountScanSpec): Plan["stalled"] {
  const { unknown } = selectRules(spec.rules?.include);
  if (unknown.length > 0) {
    const message = `spec.rules.include names ${unknown.join(", ")}, which this operator does not have.`;
    return { reason: "UnknownRule", message };
  }
  try {
    parseSchedule(spec, ANY_INTERVAL_MS, "");
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidScheduleError)) throw error;
    return { reason: "InvalidSchedule", message: error.message };
  }
}

/** Why the last run made no AWS call, as far as this version has a word for it: else it counts as one that failed. */
export function stallOfRun({ stalled }: ScanFacts): Plan["stalled"] {
  if (stalled === undefined || !isStallReason(stalled.reason)) return undefined;
  return { reason: stalled.reason, message: stalled.message };
}

/** Only whether a schedule can be read matters, not when it comes. */
const ANY_INTERVAL_MS = 3_600_000;

/** What time has made of the last result. Times are ms since the epoch. */
export interface Ageing {
  /** When the next scan is due; undefined where none is, and where the last one is from the future. */
  readonly nextScanAt: number | undefined;
  readonly stale: boolean;
  readonly exemptionExpired: boolean;
  /** When one of these will change by itself; undefined where they will not. */
  readonly changesAt: number | undefined;
}

/** `last`: the facts of the last record, undefined where there is none. */
export function ageing(plan: Plan, last: ScanFacts | undefined, now: number): Ageing {
  if (last === undefined)
    return { nextScanAt: undefined, stale: false, exemptionExpired: false, changesAt: undefined };
  const fresh = freshness(last, plan.schedule, plan.timeoutMs);
  const expiry = Math.min(...plan.expiries.filter((time) => time > Date.parse(last.startTime)));
  const ahead = [fresh.since, fresh.until, expiry].filter((time) => time > now && Number.isFinite(time));
  // After a clock that was ahead the next one is to begin at once: no time that the record gives is its own.
  const isDue = !plan.suspended && plan.stalled === undefined && !isFromFuture(last, now);
  return {
    nextScanAt: isDue ? nextScan(last, plan.schedule).at : undefined,
    stale: isStale(fresh, now),
    exemptionExpired: now >= expiry,
    changesAt: ahead.length === 0 ? undefined : Math.min(...ahead),
  };
}
