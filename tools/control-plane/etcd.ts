import { join } from "node:path";
import { type Daemon, startDaemon, untilReady } from "../machine/daemon.ts";
import { freePort } from "../machine/free-port.ts";

/** Ready in 0.3 s on an idle machine; a loaded one with a slow disk takes its time. */
const READY_TIMEOUT_MS = 60_000;

/** Starts one etcd member with its data in `dataDir` and resolves when it serves. */
export async function startEtcd(
  binaries: string,
  dataDir: string,
): Promise<{ readonly daemon: Daemon; readonly url: string }> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const daemon = await startDaemon(
    join(binaries, "etcd"),
    [
      `--data-dir=${join(dataDir, "etcd")}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      "--listen-peer-urls=http://127.0.0.1:0",
      // The data dies with the run; syncing it would make every write wait for the disk.
      "--unsafe-no-fsync",
    ],
    join(dataDir, "etcd.log"),
  );
  await untilReady(daemon, READY_TIMEOUT_MS, async () => (await fetch(`${url}/health`)).ok);
  return { daemon, url };
}
