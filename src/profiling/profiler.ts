import { Session } from "node:inspector/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** What is measured: where the CPU's time goes, or what allocated the memory that is still in use. */
export type ProfileKind = "cpu" | "heap";

/** V8's own intervals: a look at the stack every millisecond; one allocation in half a megabyte. */
const SAMPLING = { cpuMicroseconds: 1_000, heapBytes: 512 * 1_024 } as const;

/**
 * A profile of this process over `ms`, as Chrome's DevTools and VS Code open it; cut short where `signal` aborts. It
 * holds names of functions and files, counts and sizes, and no value of the program: a heap snapshot, which would hold
 * every credential, is not to be had here. The inspector is asked from within, and listens on no port.
 */
export async function takeProfile(kind: ProfileKind, ms: number, signal: AbortSignal): Promise<object> {
  const session = new Session();
  session.connect();
  try {
    return kind === "cpu" ? await cpuProfile(session, ms, signal) : await heapProfile(session, ms, signal);
  } finally {
    session.disconnect();
  }
}

async function cpuProfile(session: Session, ms: number, signal: AbortSignal): Promise<object> {
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: SAMPLING.cpuMicroseconds });
  await session.post("Profiler.start");
  await pause(ms, signal);
  const { profile } = await session.post("Profiler.stop");
  await session.post("Profiler.disable");
  return profile;
}

async function heapProfile(session: Session, ms: number, signal: AbortSignal): Promise<object> {
  await session.post("HeapProfiler.enable");
  await session.post("HeapProfiler.startSampling", { samplingInterval: SAMPLING.heapBytes });
  await pause(ms, signal);
  const { profile } = await session.post("HeapProfiler.stopSampling");
  await session.post("HeapProfiler.disable");
  return profile;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
