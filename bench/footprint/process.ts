import { readFile } from "node:fs/promises";

/** What the system says of a process at one moment. */
export interface ProcessSample {
  readonly residentMiB: number;
  /** Of that what no file has: heaps, stacks, buffers. The rest are pages of Node.js' own file. */
  readonly anonymousMiB: number;
  /** The most that was resident at any moment since its start. */
  readonly peakMiB: number;
  /** Since its start. */
  readonly cpuMs: number;
}

/** Linux counts CPU time in hundredths of a second, whatever the machine. */
const MS_PER_TICK = 10;

/** Reads `/proc`: Linux only. Throws where there is no such process any more. */
export async function sampleProcess(pid: number): Promise<ProcessSample> {
  const [status, stat] = await Promise.all([
    readFile(`/proc/${pid}/status`, "utf8"),
    readFile(`/proc/${pid}/stat`, "utf8"),
  ]);
  const mib = (field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1_024;
  // The name before it may hold anything, spaces and brackets too: proc_pid_stat(5), fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return {
    residentMiB: mib("VmRSS"),
    anonymousMiB: mib("RssAnon"),
    peakMiB: mib("VmHWM"),
    cpuMs: ticks * MS_PER_TICK,
  };
}
