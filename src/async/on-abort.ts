const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `fn` once when the signal aborts, unless the function returned here is called before. Unlike
 * `addEventListener`, which compares a new listener with every other, it takes the same time however many wait.
 * Must not be used on a signal that has aborted already.
 */
export function onAbort(signal: AbortSignal, fn: () => void): () => void {
  const known = listeners.get(signal);
  const waiting = known ?? new Set();
  if (known === undefined) {
    listeners.set(signal, waiting);
    signal.addEventListener(
      "abort",
      () => {
        for (const each of waiting) each();
        waiting.clear();
      },
      { once: true },
    );
  }
  // Of its own for every call, so that the same function may wait twice.
  const call = () => fn();
  waiting.add(call);
  return () => waiting.delete(call);
}
