import { onAbort } from "./on-abort.ts";

/**
 * `work`, or the signal's reason as soon as it aborts, for work that takes no signal. What is given up goes on
 * unheard: its failure is nobody's, and must not end the process as an unhandled rejection.
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const over = onAbort(signal, () => reject(signal.reason));
  try {
    return await Promise.race([work, aborted]);
  } finally {
    over();
  }
}
