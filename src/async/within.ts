import { abortable } from "./abortable.ts";
import type { Clock } from "./clock.ts";
import { onAbort } from "./on-abort.ts";

/** What ends work early. */
export interface Limit {
  /** What is limited, for the error's message: "get leases team/lock". */
  readonly what: string;
  readonly ms: number;
  readonly clock: Pick<Clock, "sleep">;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What `work` resolves to, unless it takes longer than `ms` or `signal` aborts: then it rejects at once, with an error
 * that says so or with the signal's reason, whether or not the work heeds the signal that it was given.
 */
export async function within<T>(limit: Limit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { what, ms, clock, signal } = limit;
  signal?.throwIfAborted();
  const giveUp = new AbortController();
  const done = new AbortController();
  // Not AbortSignal.any(): one that lives as long as the process would remember every limit that was derived of it.
  const leave = signal === undefined ? undefined : onAbort(signal, () => giveUp.abort(signal.reason));
  clock.sleep(ms, done.signal).then(
    () => giveUp.abort(new Error(`${what}: no answer within ${Math.round(ms)} ms`)),
    () => undefined,
  );
  try {
    return await abortable(work(giveUp.signal), giveUp.signal);
  } finally {
    leave?.();
    done.abort();
  }
}
