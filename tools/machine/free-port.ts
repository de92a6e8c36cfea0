import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

const LOWEST = 20_000;
const HIGHEST = 29_999;
const ATTEMPTS = 100;

/**
 * A TCP port of 127.0.0.1 that nobody listens on at this moment. It lies below the ranges from which Linux and
 * macOS serve "any port" and outgoing connections, so that nobody takes it while its server is down for a restart.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`found no free port between ${LOWEST} and ${HIGHEST} on 127.0.0.1 in ${ATTEMPTS} attempts`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
