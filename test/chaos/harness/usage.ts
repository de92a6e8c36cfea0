import { readdir, readFile } from "node:fs/promises";

/** What a process holds. */
export interface Usage {
  readonly descriptors: number;
  readonly residentMb: number;
}

/** Of a process that runs, by Linux's /proc. */
export async function usageOf(pid: number): Promise<Usage> {
  const [descriptors, status] = await Promise.all([
    readdir(`/proc/${pid}/fd`),
    readFile(`/proc/${pid}/status`, "utf8"),
  ]);
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return { descriptors: descriptors.length, residentMb: Number(resident) / 1_024 };
}

/** What one of these processes holds at the most: one that waits holds less than it will when it scans. */
export function most(usages: readonly Usage[]): Usage {
  return {
    descriptors: Math.max(...usages.map(({ descriptors }) => descriptors)),
    residentMb: Math.max(...usages.map(({ residentMb }) => residentMb)),
  };
}

/** Idle connections that pools keep: as many as requests were under way at once, which another life may have more of. */
const SPARE_DESCRIPTORS = 64;
/** A heap grows before it is collected; what leaks by the request exceeds this in no scenario but a broken one. */
const SPARE_MB = 96;

/** What a process holds more than it did, in words. */
export function growth(before: Usage, now: Usage): string[] {
  return [
    ...(now.descriptors > before.descriptors + SPARE_DESCRIPTORS
      ? [`${now.descriptors} descriptors, ${before.descriptors} before`]
      : []),
    ...(now.residentMb > before.residentMb + SPARE_MB
      ? [`${now.residentMb.toFixed()} MB resident, ${before.residentMb.toFixed()} before`]
      : []),
  ];
}
