import { parseDuration } from "./duration.ts";

/** The part of a spec that bounds a scan, durations as Kubernetes writes them. */
interface ScanTimes {
  readonly timeout?: string | undefined;
  readonly interval?: string | undefined;
}

const DEFAULT_TIMEOUT_MS = 15 * 60_000;

/** How long (ms) a scan may take: its `timeout`, else a quarter of an hour, or its interval where that is shorter. */
export function scanTimeoutMs({ timeout, interval }: ScanTimes): number {
  if (timeout !== undefined) return parseDuration(timeout);
  return interval === undefined ? DEFAULT_TIMEOUT_MS : Math.min(DEFAULT_TIMEOUT_MS, parseDuration(interval));
}
