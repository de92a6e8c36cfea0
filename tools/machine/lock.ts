import { randomUUID } from "node:crypto";
import { link, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Tell } from "./progress.ts";

const POLL_MS = 500;
const HEARTBEAT_MS = 10_000;
const STALE_MS = 60_000;

/**
 * Does `work` while no other process does it under the same lock file. The file names its holder's process and
 * is touched every 10 s; it is stale when that process is gone, or untouched for a minute (its holder lived in
 * another container or machine). Two waiters may both find it stale and work at once: the lock saves time, so
 * the work itself must bear company.
 */
export async function withLock<T>(path: string, tell: Tell, work: () => Promise<T>): Promise<T> {
  await acquire(path, tell);
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(path, { force: true });
  }
}

async function acquire(path: string, tell: Tell): Promise<void> {
  // A link appears whole, with the holder's name in it; a file that is created and then written does not.
  const mine = `${path}.${randomUUID()}`;
  await writeFile(mine, `${process.pid}\n`);
  try {
    for (let told = false; !(await tryLink(mine, path)); ) {
      if (await isStale(path)) {
        await rm(path, { force: true });
        continue;
      }
      if (!told) tell(`another process prepares the same, waiting for it (${path})`);
      told = true;
      await sleep(POLL_MS);
    }
  } finally {
    await rm(mine, { force: true });
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    if (Date.now() - (await stat(path)).mtimeMs > STALE_MS) return true;
    process.kill(Number(await readFile(path, "utf8")), 0);
    return false;
  } catch (error) {
    // ESRCH: the holder is gone. ENOENT: it has just finished; linking again settles it. EPERM: it lives.
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
