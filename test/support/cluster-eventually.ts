import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 50;

/**
 * Calls `fn` until it stops throwing and resolves to what it returns. After `timeoutMs` (20 s by default) it throws
 * what `describe` says was awaited, with the last failure as message and cause.
 */
export async function eventually<T>(
  fn: () => T | Promise<T>,
  options: { readonly timeoutMs?: number; readonly describe?: string; readonly pollMs?: number } = {},
): Promise<T> {
  const { timeoutMs = 20_000, describe = "the condition", pollMs = POLL_MS } = options;
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await fn();
    } catch (error) {
      if (performance.now() > deadlineMs) {
        const last = error instanceof Error ? error.message : String(error);
        throw new Error(`${describe}: still not so after ${timeoutMs} ms. Last failure: ${last}`, {
          cause: error,
        });
      }
    }
    await sleep(pollMs);
  }
}
