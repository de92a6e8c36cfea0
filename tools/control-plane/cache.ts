import { access, constants, readdir } from "node:fs/promises";
import { join } from "node:path";

/** The programs that make a control plane. */
export const PROGRAMS = ["etcd", "kube-apiserver"] as const;

/** This machine in Go's words, such as `linux-amd64`. */
export function platform(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  return `${os}-${arch}`;
}

/** True when `folder` holds every program, executable. */
export async function holdsPrograms(folder: string): Promise<boolean> {
  const checks = PROGRAMS.map((program) => access(join(folder, program), constants.X_OK));
  return (await Promise.allSettled(checks)).every((check) => check.status === "fulfilled");
}

/** The cached folder of the newest patch of `minor` (such as `v1.36`) for this machine; undefined when there is none. */
export async function findCached(cache: string, minor: string): Promise<string | undefined> {
  const entries = await readdir(cache).catch(() => []);
  const versions = entries
    .filter((entry) => entry.endsWith(`-${platform()}`))
    .map((entry) => entry.slice(0, -platform().length - 1));
  for (const version of patchesOf(minor, versions)) {
    const folder = join(cache, `${version}-${platform()}`);
    if (await holdsPrograms(folder)) return folder;
  }
  return undefined;
}

/** The released patches of `minor` among `versions`, newest first; alphas, betas and candidates are none. */
export function patchesOf(minor: string, versions: readonly string[]): string[] {
  const patch = (version: string) => Number(version.slice(minor.length + 1));
  return versions
    .filter((version) => version.startsWith(`${minor}.`) && /^v\d+\.\d+\.\d+$/.test(version))
    .sort((left, right) => patch(right) - patch(left));
}
