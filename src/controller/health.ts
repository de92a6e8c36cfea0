import { formatDuration } from "../api/duration.ts";
import { IDLE_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from "../kube/client.ts";
import { type InformerState, LONGEST_SILENCE_MS } from "./informer/informer.ts";
import { EXPORT_MS } from "./open-reports.ts";
import type { PoolState } from "./queue/worker-pool.ts";
import { SAVE_MS } from "./record-store.ts";

/**
 * How long what may be slow is waited for before it is called dead, in milliseconds. Each is beyond what the code allows at
 * all, so that no API server, no AWS and no load turns a check red that a restart would not mend.
 */
export interface HealthBounds {
  readonly reconcileMs: number;
  /** Beyond the scan's own timeout. */
  readonly scanGraceMs: number;
  readonly exportMs: number;
  /** A key that waits although a worker is free. */
  readonly ignoredMs: number;
  readonly informerSilenceMs: number;
  /** The API server not heard of: no reason to restart, but the cache is stale. */
  readonly unheardMs: number;
}

/** Requests that may still follow the last look at a time limit: a shard that is in the way takes four. */
const REQUESTS_MORE = 10;

/** In the order of {@link HealthBounds}: what the code allows at most, and some more for a process that gets little CPU. */
export const HEALTH_BOUNDS: HealthBounds = {
  // Two requests to load the record, the save, and two more to write the status: 15 min at most.
  reconcileMs: SAVE_MS + 2 * REQUESTS_MORE * REQUEST_TIMEOUT_MS,
  // Whatever is asked of AWS is cut off by the timeout; then the record is put together, seconds for 100,000 findings.
  scanGraceMs: 5 * 60_000,
  exportMs: EXPORT_MS + REQUESTS_MORE * REQUEST_TIMEOUT_MS,
  // A free worker takes a key before anything else runs.
  ignoredMs: 60_000,
  informerSilenceMs: 1.5 * LONGEST_SILENCE_MS,
  // A watch on which nothing happens has a bookmark every minute; one without is opened anew, within a request's time and
  // a backoff of as long: four minutes.
  unheardMs: IDLE_TIMEOUT_MS + 4 * REQUEST_TIMEOUT_MS,
};

/** Why a pool does not do its work, undefined where it does. `verb` says what it does to a key; keys are names, no secrets. */
export function poolFailure(
  verb: string,
  { workers, alive, running, ignoredMs }: PoolState,
  boundMs: (key: string) => number,
  ignoredBoundMs: number,
): string | undefined {
  if (alive < workers) return `${workers - alive} of ${workers} workers have ended`;
  const stuck = running.filter(({ key, runningMs }) => runningMs > boundMs(key));
  const [longest] = stuck;
  if (longest !== undefined) {
    const others = stuck.length === 1 ? "" : `, and ${stuck.length - 1} more`;
    return `${verb} of ${longest.key} has run for ${formatDuration(longest.runningMs)}${others}`;
  }
  if (ignoredMs <= ignoredBoundMs) return undefined;
  return `keys have waited for ${formatDuration(ignoredMs)} although a worker is free`;
}

/** Why an informer will tell of no change any more, undefined where each goes on. */
export function informerFailure(states: readonly InformerState[], boundMs: number): string | undefined {
  const ended = states.find(({ running }) => !running);
  if (ended !== undefined) return `the informer of ${ended.what} does not run`;
  const silent = states.find(({ silentMs }) => silentMs > boundMs);
  if (silent === undefined) return undefined;
  return `the informer of ${silent.what} has attempted nothing for ${formatDuration(silent.silentMs)}`;
}

/** Why what is known of the scans may be out of date, undefined where it is not. */
export function contactFailure(states: readonly InformerState[], boundMs: number): string | undefined {
  const unheard = states.find(({ unheardMs }) => unheardMs > boundMs);
  if (unheard === undefined) return undefined;
  const { what, unheardMs, lastFailure } = unheard;
  const why = lastFailure === undefined ? "" : `; it last failed with: ${lastFailure}`;
  return `nothing was heard of ${what} for ${formatDuration(unheardMs)}: the cache is stale${why}`;
}

/** Why the metrics are not those from before the restart yet, undefined where they are. */
export function restoreFailure(synced: boolean, unrestored: readonly string[]): string | undefined {
  if (!synced) return "the scans have not been listed yet";
  const [first] = unrestored;
  if (first === undefined) return undefined;
  const others = unrestored.length === 1 ? "" : ` and ${unrestored.length - 1} more`;
  return `the record of ${first}${others} has not been looked for yet`;
}
