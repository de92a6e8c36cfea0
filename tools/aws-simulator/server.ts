import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ADMIN_PREFIX, administer } from "./admin.ts";
import { Faults } from "./faults.ts";
import type { Fleet } from "./fleet.ts";
import { seededRandom } from "./random.ts";
import { RequestLog } from "./request-log.ts";
import { type Responder, respond } from "./respond.ts";
import { Sessions } from "./sessions.ts";
import { defaultSettings } from "./settings.ts";
import type { IdentityProvider } from "./tokens.ts";
import { World } from "./world.ts";

export interface SimulatorOptions {
  readonly fleet: Fleet;
  /** Omitted: no web identity is accepted. */
  readonly identityProvider?: IdentityProvider | undefined;
  /** 0: any free port of 127.0.0.1. */
  readonly port: number;
  /** Of faults that strike by chance. */
  readonly seed: number;
  /** How many requests the log keeps at least. */
  readonly logSize: number;
}

/** A simulator that listens. */
export interface Simulator {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** Breaks what hangs and resolves when nothing listens any more. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1. Throws where the fleet is not valid or the port is taken. */
export async function startServer(options: SimulatorOptions): Promise<Simulator> {
  const now = Date.now;
  const responder: Responder = {
    world: new World(options.fleet),
    sessions: new Sessions(now),
    settings: defaultSettings(),
    identityProvider: options.identityProvider,
    now,
    faults: new Faults(seededRandom(options.seed), now),
    log: new RequestLog(options.logSize),
  };
  const server = createServer({ keepAlive: true }, (request, response) => {
    serve(request, response, responder).catch((error: unknown) => {
      console.error("a request could not be served:", error);
      response.destroy();
    });
  });
  // Longer than any client keeps an idle connection: one closed while a request is on its way looks like a reset.
  server.keepAliveTimeout = 600_000;
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  responder: Responder,
): Promise<void> {
  const { method = "GET", url = "/", headers } = request;
  const body = await readBody(request);
  if (url.startsWith(ADMIN_PREFIX)) {
    const { pathname, searchParams: query } = new URL(url, "http://localhost");
    const path = pathname.slice(ADMIN_PREFIX.length);
    const answer = administer({ method, path, query, body }, responder);
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer.body));
    return;
  }
  responder.log.enter();
  response.once("close", () => responder.log.leave());
  const result = await respond({ method, url, headers, body }, responder);
  if (result.kind === "hang") return;
  if (result.kind === "reset") {
    request.socket.resetAndDestroy();
    return;
  }
  const { answer, requestId } = result;
  response.writeHead(answer.status, {
    "content-type": answer.contentType,
    "content-length": Buffer.byteLength(answer.body),
    "x-amzn-requestid": requestId,
  });
  response.end(answer.body);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
