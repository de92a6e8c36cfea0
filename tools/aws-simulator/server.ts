import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ADMIN_PREFIX, type Administered, administer } from "./admin.ts";
import { Faults } from "./armed-faults.ts";
import { RequestCounters } from "./counters.ts";
import type { Fleet } from "./fleet.ts";
import { seededRandom } from "./random.ts";
import { RequestLog } from "./request-log.ts";
import { respond } from "./respond.ts";
import type { Scenario } from "./scenario.ts";
import { ScenarioRun } from "./scenario-run.ts";
import { sendReply } from "./send.ts";
import { Sessions } from "./sessions.ts";
import { defaultSettings } from "./settings.ts";
import type { IdentityProvider } from "./tokens.ts";
import type { Responder } from "./understand.ts";
import { World } from "./world.ts";

export interface SimulatorOptions {
  /** Omitted: what the scenario says. */
  readonly fleet?: Fleet | undefined;
  /** Begins as the simulator begins to listen. */
  readonly scenario?: Scenario | undefined;
  /** Omitted: no web identity is accepted. */
  readonly identityProvider?: IdentityProvider | undefined;
  /** 0: any free port of 127.0.0.1. */
  readonly port: number;
  /** Of faults that strike by chance; a scenario has its own. */
  readonly seed: number;
  /** How many requests the log keeps at least; of 0 it keeps none, and requests cost less. */
  readonly logSize: number;
}

/** A simulator that listens. */
export interface Simulator {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** Breaks what hangs and resolves when nothing listens any more. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1. Throws where the fleet or the scenario is not valid or the port is taken. */
export async function startServer(options: SimulatorOptions): Promise<Simulator> {
  const { fleet, scenario } = options;
  if ((fleet === undefined) === (scenario?.fleet === undefined && scenario?.generate === undefined))
    throw new Error("what exists must be said once: by a fleet or by the scenario");
  const now = Date.now;
  const responder: Responder = {
    world: new World(fleet ?? { accounts: [] }),
    sessions: new Sessions(now),
    settings: defaultSettings(),
    identityProvider: options.identityProvider,
    now,
    faults: new Faults(seededRandom(options.seed), now),
    log: new RequestLog(options.logSize),
    counters: new RequestCounters(),
  };
  const administered = { ...responder, scenario: new ScenarioRun(responder) };
  const server = createServer({ keepAlive: true, noDelay: true }, (request, response) =>
    readBody(request, (body) => {
      try {
        serve(request, response, body, administered);
      } catch (error) {
        console.error("a request could not be served:", error);
        response.destroy();
      }
    }),
  );
  // Longer than any client keeps an idle connection: one closed while a request is on its way looks like a reset.
  server.keepAliveTimeout = 600_000;
  if (scenario) administered.scenario.begin(scenario);
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

function serve(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  responder: Administered,
): void {
  const { method = "GET", url = "/", headers } = request;
  if (url.startsWith(ADMIN_PREFIX)) {
    const { pathname, searchParams: query } = new URL(url, "http://localhost");
    const path = pathname.slice(ADMIN_PREFIX.length);
    const answer = administer({ method, path, query, body }, responder);
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer.body));
    return;
  }
  responder.scenario.countRequest();
  const visit = responder.counters.enter();
  response.once("close", () => responder.counters.leave(visit));
  respond({ method, url, headers, body }, responder, visit, (result) => {
    if (result === "hang") return;
    if (result === "reset") request.socket.resetAndDestroy();
    else sendReply(response, result);
  });
}

/** Most bodies come in one chunk, which is not copied then. */
function readBody(request: IncomingMessage, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const [first] = chunks;
    done((chunks.length === 1 && first ? first : Buffer.concat(chunks)).toString("utf8"));
  });
}
