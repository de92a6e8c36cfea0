import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDaemon, untilReady } from "../machine/daemon.ts";
import { freePort } from "../machine/free-port.ts";
import { startReaper } from "../machine/reaper.ts";
import { motoPython, type VenvOptions } from "./venv.ts";

/**
 * A moto server that runs: the authority on how AWS answers that is not ours. What it does otherwise than AWS
 * (5.2.5, as far as we use it):
 *
 * - It verifies nothing: any web identity token, external id, trust, session token and signature will do.
 * - DescribeRegions answers all regions of all partitions, whatever AllRegions says.
 * - Lists have no default page of 10, and no upper bound of MaxResults.
 * - DescribeDomain of a domain that is not there answers ValidationException instead of ResourceNotFound.
 * - A domain's id is `d-` and its name; ARNs of notebook instances keep upper case.
 */
export interface Moto {
  /** For `AWS_ENDPOINT_URL` or a client's `endpoint`. */
  readonly url: string;
  /** The interpreter that has boto3 as well. */
  readonly python: string;
  /** Forgets everything that was created. */
  reset(): Promise<void>;
  /** Resolves when the process has ended. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;

/** Starts moto on a free port of 127.0.0.1, installing it first where need be. It ends with this process at the latest. */
export async function startMoto(options: VenvOptions = {}): Promise<Moto> {
  const python = await motoPython(options);
  const folder = await mkdtemp(join(tmpdir(), "moto-"));
  const reaper = await startReaper(folder);
  try {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const args = ["-m", "moto.server", "--host", "127.0.0.1", "--port", String(port)];
    const daemon = await startDaemon(python, args, join(folder, "moto.log"));
    reaper.watch([daemon.pid]);
    await untilReady(daemon, READY_WITHIN_MS, async () => (await fetch(`${url}/moto-api/`)).ok);
    return {
      url,
      python,
      async reset() {
        const { ok, status } = await fetch(`${url}/moto-api/reset`, { method: "POST" });
        if (!ok) throw new Error(`moto refuses to reset: HTTP ${status}`);
      },
      async stop() {
        await daemon.stop();
        reaper.watch([]);
        await reaper.finish();
      },
    };
  } catch (error) {
    await reaper.finish();
    throw error;
  }
}
