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

/**
 * Forgets every revision but the last, so that whoever asks for an older one is told that it is gone.
 * Throws with etcd's words where it refuses. https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/
 */
export async function compactEtcd(url: string): Promise<void> {
  const call = async <T>(path: string, body: object): Promise<T> => {
    const response = await fetch(`${url}/v3/kv/${path}`, { method: "POST", body: JSON.stringify(body) });
    const answer = await response.text();
    if (!response.ok) throw new Error(`etcd refuses ${path}: ${answer}`);
    return JSON.parse(answer) as T;
  };
  const key = Buffer.from("/").toString("base64");
  const { header } = await call<{ header: { revision: string } }>("range", { key });
  await call("compaction", { revision: header.revision, physical: true });
}
