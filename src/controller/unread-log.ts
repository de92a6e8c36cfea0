import type { Logger } from "pino";
import type { FailureCount, ScanRecord } from "../report/record.ts";

/** Failures of one scan that the log tells one by one. */
const MAX_LOGGED = 20;

/**
 * Tells what a scan could not read: a warning for what the last one could, or could not for another reason; what stays as
 * it was is in the report and at level debug, for it may stay so for months.
 */
export function logUnread(log: Logger, previous: ScanRecord | undefined, record: ScanRecord): void {
  const known = new Set(previous?.failures.map(failureKey));
  const [fresh, lasting]: [FailureCount[], FailureCount[]] = [[], []];
  for (const failure of record.failures) (known.has(failureKey(failure)) ? lasting : fresh).push(failure);
  for (const failure of fresh.slice(0, MAX_LOGGED)) log.warn({ failure }, "could not be read");
  const more = fresh.length - MAX_LOGGED;
  if (more > 0) log.warn({ more }, "more could not be read: see the report");
  for (const failure of lasting.slice(0, MAX_LOGGED)) log.debug({ failure }, "still cannot be read");
}

/** Without the message and the request id, which are others every time. */
function failureKey({ account, region, operation, reason, code }: FailureCount): string {
  return JSON.stringify([account, region, operation, reason, code]);
}
