import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "./lock.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
  path = join(folder, "lock");
});
afterEach(() => rm(folder, { recursive: true }));

const quiet = () => undefined;

describe("withLock", () => {
  it("lets one work at a time and tells the other why it waits", async () => {
    const events: string[] = [];
    const started = Promise.withResolvers<void>();
    const waiting = Promise.withResolvers<void>();
    const first = withLock(path, quiet, async () => {
      started.resolve();
      await waiting.promise;
      events.push("first ends");
    });
    await started.promise;
    const second = withLock(
      path,
      (line) => {
        events.push(line);
        waiting.resolve();
      },
      async () => events.push("second works"),
    );
    await Promise.all([first, second]);
    expect(events).toEqual([
      `another process prepares the same, waiting for it (${path})`,
      "first ends",
      "second works",
    ]);
  });

  it("leaves nothing behind, even when the work fails", async () => {
    const work = withLock(path, quiet, () => Promise.reject(new Error("no disk")));
    await expect(work).rejects.toThrow("no disk");
    expect(await readdir(folder)).toEqual([]);
  });

  it("takes the lock of a process that is gone", async () => {
    const { pid } = spawnSync("/bin/sh", ["-c", "exit"]);
    await writeFile(path, `${pid}\n`);
    expect(await withLock(path, quiet, async () => "worked")).toBe("worked");
  });

  it("takes a lock that nobody has touched for a minute", async () => {
    await writeFile(path, `${process.pid}\n`);
    const longAgo = new Date(Date.now() - 61_000);
    await utimes(path, longAgo, longAgo);
    expect(await withLock(path, quiet, async () => "worked")).toBe("worked");
  });
});
