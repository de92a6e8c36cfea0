import { hash } from "node:crypto";
import { Cron } from "croner";
import { parseDuration } from "../api/duration.ts";
import { safeText } from "../api/safe-text.ts";

/** When a scan is due. Times are ms since the epoch. */
export interface Schedule {
  /** The first time after `start`, when a scan began, at which the next one is due. */
  nextAfter(start: number): number;
  /** The time between two scans, for judging whether a result is stale. */
  readonly periodMs: number;
}

/** A schedule that no clock can keep: the scan stalls until its spec changes. */
export class InvalidScheduleError extends Error {
  override readonly name = "InvalidScheduleError";
}

export interface ScheduleSpec {
  readonly interval?: string | undefined;
  readonly schedule?: string | undefined;
  readonly timeZone?: string | undefined;
}

/** Scans of one interval spread over this share of it, so that a thousand made at once do not run at once for ever. */
const JITTER = 0.05;

/**
 * The schedule that a spec asks for; `defaultIntervalMs` where it asks for none. `seed` (the scan's UID) makes the
 * jitter the same in every process, so that a restart moves nothing.
 * @throws {InvalidScheduleError} for a cron expression or time zone that cannot be read, or one that never comes.
 */
export function parseSchedule(spec: ScheduleSpec, defaultIntervalMs: number, seed: string): Schedule {
  if (spec.schedule !== undefined) return cronSchedule(spec.schedule, spec.timeZone ?? "Etc/UTC");
  const periodMs = spec.interval === undefined ? defaultIntervalMs : parseDuration(spec.interval);
  return {
    periodMs,
    nextAfter: (start) =>
      start + Math.round(periodMs * (1 + JITTER * (2 * fraction(`${seed} ${start}`) - 1))),
  };
}

/**
 * `schedule`, with a scan as soon as one of `expiries` (ms) is over: an exemption that ends must not exempt until
 * the clock comes round.
 */
export function withExpiries(schedule: Schedule, expiries: readonly number[]): Schedule {
  return {
    periodMs: schedule.periodMs,
    nextAfter: (start) => Math.min(schedule.nextAfter(start), ...expiries.filter((expiry) => expiry > start)),
  };
}

function cronSchedule(expression: string, timeZone: string): Schedule {
  const cron = parseCron(expression, timeZone);
  const nextAfter = (start: number) => {
    const next = cron.nextRun(new Date(start));
    if (next === null) throw new InvalidScheduleError(`spec.schedule ${quoted(expression)} never comes`);
    return next.getTime();
  };
  const first = nextAfter(Date.UTC(2026, 0, 1));
  return { nextAfter, periodMs: nextAfter(first) - first };
}

function parseCron(expression: string, timeZone: string): Cron {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch {
    throw new InvalidScheduleError(
      `spec.timeZone ${quoted(timeZone)} is not in the IANA time zone database; write for example Europe/Berlin`,
    );
  }
  try {
    return new Cron(expression, { timezone: timeZone, mode: "5-part", paused: true });
  } catch (error) {
    const why = safeText(error instanceof Error ? error.message : String(error), 256);
    throw new InvalidScheduleError(
      `spec.schedule ${quoted(expression)} is not a cron expression of five fields, such as "0 2 * * *": ${why}`,
    );
  }
}

/** A field's text as a status and a log may have it. */
function quoted(text: string): string {
  return safeText(JSON.stringify(text), 256);
}

/** A number of [0, 1) that follows from `text` alone. */
function fraction(text: string): number {
  return hash("sha256", text, "buffer").readUInt32BE(0) / 2 ** 32;
}
