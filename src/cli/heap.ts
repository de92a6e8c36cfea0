import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** What half of the young generation may grow to. Twice as much takes 10 MiB more and saves little. */
const YOUNG_BYTES = 4 * 1_024 ** 2;

/**
 * Has V8 collect garbage sooner than it would by itself, since memory costs more than a little CPU in a process that
 * waits for answers most of its time: a scan of 1,000 instances peaks at 110 instead of 160 MiB. Without the first
 * flag what requests leave behind while they are under way piles up in a young generation of three times 16 MiB;
 * without the second the old one doubles before it is looked through. Both are read at every collection.
 *
 * Small buffers are cut from pieces of 64 KiB, which stay for as long as any of their buffers does: each SDK client keeps
 * one of 2 KiB, and 256 clients 16 MiB. From half of the pool's size on a buffer gets memory of its own.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=50");
  Buffer.poolSize = 4 * 1_024;
}

/**
 * Lets the young generation grow from the 1 MiB at which {@link keepHeapSmall} holds it, as far as what survives in it asks for
 * and to 4 MiB at most. In a process in which scan follows scan that halves the time of collection, for 3 MiB that one which
 * rests most of its time has no use for.
 */
export function growYoungGeneration(): void {
  const observer = new PerformanceObserver(() => {
    // It doubles, and what its pages need for themselves is not counted.
    if (youngBytes() <= YOUNG_BYTES / 2) return;
    // V8 knows no bound that could be set by now, but a factor by which it grows next.
    setFlagsFromString("--semi-space-growth-factor=1");
    observer.disconnect();
  });
  observer.observe({ entryTypes: ["gc"] });
  setFlagsFromString("--semi-space-growth-factor=2");
}

/** What may lie in the young generation before it is collected. */
export function youngBytes(): number {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  return young === undefined ? 0 : young.space_used_size + young.space_available_size;
}
