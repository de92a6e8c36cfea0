import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { runOrThrow } from "../../tools/machine/command.ts";
import { eventually } from "../support/cluster.ts";
import { FAST_LEASES } from "./harness/leaders.ts";
import { answered, requestAll } from "./harness/requests.ts";
import { usageOf } from "./harness/usage.ts";
import { inWorld } from "./harness/world.ts";

const MEGABYTE = Buffer.alloc(1 << 20);
const DEFECTS = pathToFileURL(join(import.meta.dirname, "../support/operator-defects.ts")).href;
/** What a process may open, and more than it needs. */
const DESCRIPTORS = 256;
const CALLS = 20;
const STARVED_MS = 3_000;
/** Clock ticks of Linux's /proc. */
const TICKS_PER_SECOND = 100;

/** Nothing can be written: the root is read-only, and all that a process may take for its own is a disk that is full. */
const FULL_DISK = [
  "unshare",
  "--mount",
  "sh",
  "-euc",
  `disk=$1; shift
   mount -t tmpfs -o size=64k tmpfs "$disk"
   mount -o remount,bind,ro /
   cd "$disk"
   head -c 1M /dev/zero >filler 2>/dev/null || true
   export HOME="$disk" TMPDIR="$disk"
   exec "$@"`,
  "sh",
];

/** Calls `work` with a folder of its own. */
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "chaos-machine-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Files, other than devices, that a process has open for writing. */
async function writtenFiles(pid: number): Promise<string[]> {
  const written = await Promise.all(
    (await readdir(`/proc/${pid}/fd`)).map(async (fd) => {
      const path = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
      const info = await readFile(`/proc/${pid}/fdinfo/${fd}`, "utf8").catch(() => "");
      const mode = Number.parseInt(/^flags:\s+(\d+)$/m.exec(info)?.[1] ?? "0", 8) & 3;
      return path.startsWith("/") && !path.startsWith("/dev/") && mode !== 0 ? [path] : [];
    }),
  );
  return written.flat();
}

/** Seconds of CPU that a process has used. */
async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

describe.concurrent("an operator on a machine", { timeout: 300_000 }, () => {
  it("whose disks are full or read-only writes nothing to any, and misses none", async () => {
    await inFolder(async (folder) => {
      await inWorld({ launcher: [...FULL_DISK, folder], args: FAST_LEASES }, async (world) => {
        const { operator } = world;
        await requestAll(world);
        await answered(world);
        operator.kill("SIGKILL");
        await eventually(() => expect(operator.restarts).toBe(1));
        await operator.ready();
        await requestAll(world);
        await answered(world);
        const pid = operator.pid ?? 0;
        const root = `/proc/${pid}/root`;
        await expect(writeFile(join(root, folder, "more"), MEGABYTE)).rejects.toThrow("ENOSPC");
        await expect(writeFile(join(root, "tmp/more"), "")).rejects.toThrow("EROFS");
        await rm(join(root, folder, "more"), { force: true });
        expect(await readdir(join(root, folder))).toEqual(["filler"]);
        expect(await writtenFiles(pid)).toEqual([]);
      });
    });
  });

  it("whose disk for logs is full scans on, and says afterwards that lines are missing", async () => {
    await inFolder(async (folder) => {
      await runOrThrow("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder]);
      try {
        await inWorld({ logFile: join(folder, "log"), losesLines: true }, async (world) => {
          const { operator } = world;
          const { pid } = operator;
          const filler = join(folder, "filler");
          await expect(writeFile(filler, MEGABYTE)).rejects.toThrow("ENOSPC");
          // A page of the file that was begun may still be written to its end.
          for (let before = -1; before < operator.lines().length; ) {
            before = operator.lines().length;
            await requestAll(world);
            await answered(world);
          }
          expect(operator.pid).toBe(pid);
          await rm(filler);
          await requestAll(world);
          const lost = /"lines":\d+,"reason":"ENOSPC","msg":"lines of the log could not be written"/;
          await eventually(() => expect(operator.lines().some((line) => lost.test(line))).toBe(true));
          expect(operator.pid).toBe(pid);
        });
      } finally {
        await runOrThrow("umount", ["--lazy", folder]);
      }
    });
  });

  it("on which nobody reads its log any more scans on", async () => {
    await inWorld({ losesLines: true }, async (world) => {
      const { operator } = world;
      const { pid } = operator;
      operator.deafen();
      await requestAll(world);
      await answered(world);
      expect(operator.pid).toBe(pid);
    });
  });

  it("that gives it no more descriptors rests, and works on when there are some", async () => {
    const launcher = ["prlimit", `--nofile=${DESCRIPTORS}`];
    await inWorld({ launcher, env: { NODE_OPTIONS: `--import=${DEFECTS}` } }, async (world) => {
      const { operator, proxy, simulator } = world;
      const pid = operator.pid ?? 0;
      const live = `${operator.healthUrl()}/livez`;
      operator.kill("SIGWINCH");
      await eventually(async () => expect((await usageOf(pid)).descriptors).toBe(DESCRIPTORS));
      await simulator.vanish();
      await simulator.comeBack();
      proxy.cutWatches();
      await eventually(async () => expect((await usageOf(pid)).descriptors).toBe(DESCRIPTORS));
      await requestAll(world);
      const before = await cpuOf(pid);
      const calls = Array.from({ length: CALLS }, () =>
        fetch(live, { signal: AbortSignal.timeout(STARVED_MS) }).catch(() => undefined),
      );
      await sleep(STARVED_MS);
      const cpu = (await cpuOf(pid)) - before;
      await Promise.all(calls);
      expect(cpu).toBeLessThan(STARVED_MS / 1_000 / 2);
      operator.kill("SIGWINCH");
      await eventually(async () => expect((await fetch(live)).status).toBe(200));
      expect(operator.restarts).toBe(0);
    });
  });
});
