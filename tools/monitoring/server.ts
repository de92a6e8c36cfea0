import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { startDaemon, untilReady } from "../machine/daemon.ts";
import { freePort } from "../machine/free-port.ts";
import { startReaper } from "../machine/reaper.ts";

/** How to run a server of the Prometheus family. */
export interface ServerSetup {
  /** Its path. */
  readonly program: string;
  /** What its folder holds when it starts, text by file name. */
  readonly files: Readonly<Record<string, string>>;
  /** Its arguments; `address` is `host:port` to listen on. */
  args(address: string, folder: string): readonly string[];
}

/** A server on a free port of 127.0.0.1, with a folder of its own. */
export interface Server {
  readonly url: string;
  readonly folder: string;
  /** The last lines of its log. */
  lastWords(): Promise<string>;
  /** Ends it at once, without regard for its data, and removes the folder. Twice does no harm. */
  stop(): Promise<void>;
}

/** Ready in a second on an idle machine; a loaded one takes its time. */
const READY_TIMEOUT_MS = 60_000;

/**
 * Starts the server and resolves when its `/-/ready` says so. It ends and its folder goes with {@link Server.stop},
 * or when this process dies. Throws with its last words where it does not start.
 */
export async function startServer({ program, files, args }: ServerSetup): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), `${basename(program)}-`));
  const reaper = await startReaper(folder);
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const address = `127.0.0.1:${await freePort()}`;
    const daemon = await startDaemon(program, args(address, folder), join(folder, "log"));
    reaper.watch([daemon.pid]);
    const url = `http://${address}`;
    await untilReady(daemon, READY_TIMEOUT_MS, async () => (await fetch(`${url}/-/ready`)).ok);
    return {
      url,
      folder,
      lastWords: () => daemon.lastWords(),
      async stop() {
        await daemon.stop("SIGKILL");
        reaper.watch([]);
        await reaper.finish();
      },
    };
  } catch (error) {
    await reaper.finish();
    throw error;
  }
}
