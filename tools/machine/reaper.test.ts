import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { startReaper } from "./reaper.ts";

let folder: string;
let watched: ChildProcess;
let watchedEnded: Promise<unknown[]>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reaper-"));
  await writeFile(join(folder, "data"), "data");
  watched = spawn("sleep", ["600"]);
  watchedEnded = once(watched, "exit");
  return () => watched.kill();
});

/** A process that starts a reaper of `folder` and `watched` and then lives on. */
async function startOwner(): Promise<ChildProcess> {
  const script = `
    const { startReaper } = await import(${JSON.stringify(new URL("reaper.ts", import.meta.url).href)});
    const reaper = await startReaper(${JSON.stringify(folder)});
    reaper.watch([${watched.pid}]);
    console.log("watching");
    setInterval(() => undefined, 1000);`;
  const owner = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(owner.stdout, "data");
  return owner;
}

describe("the reaper", () => {
  it("ends what it watches and removes the folder when its owner is killed", async () => {
    const owner = await startOwner();
    owner.kill("SIGKILL");
    expect(await watchedEnded).toEqual([null, "SIGKILL"]);
    await vi.waitFor(() => expect(access(folder)).rejects.toThrow("ENOENT"), { timeout: 20_000 });
  });

  it("spares what it no longer watches", async () => {
    const reaper = await startReaper(folder);
    reaper.watch([watched.pid ?? 0]);
    reaper.watch([]);
    await reaper.finish();
    await expect(access(folder)).rejects.toThrow("ENOENT");
    expect(watched.exitCode ?? watched.signalCode).toBeNull();
  });

  it("has nothing left to do the second time", async () => {
    const reaper = await startReaper(folder);
    await reaper.finish();
    await reaper.finish();
    await expect(access(folder)).rejects.toThrow("ENOENT");
  });
});
