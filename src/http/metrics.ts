import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Gate } from "./auth/gate.ts";
import { MAX_CONNECTIONS, MAX_SCRAPES, SCRAPE_PATIENCE_MS } from "./limits.ts";
import { Scrapes } from "./scrapes.ts";
import { createServer } from "./server.ts";
import type { ServerTls } from "./tls/serving.ts";

/** The path that scrapers ask, and that they must be allowed to `get` where there is a gate. */
export const METRICS_PATH = "/metrics";

export interface MetricsServerOptions {
  /** What is exposed, for a request's `Accept` header. */
  readonly expose: (accept: string | undefined) => {
    readonly contentType: string;
    readonly body: AsyncIterable<string>;
  };
  /** Undefined: everybody may come in. */
  readonly gate?: Pick<Gate, "judge"> | undefined;
  /** Undefined: plain HTTP. */
  readonly tls?: ServerTls | undefined;
}

/**
 * `GET /metrics`: the exposition, as fast as it is read, for those whom `gate` lets in; 503 where as many are reading it as
 * may at once.
 */
export function metricsServer({ expose, gate, tls }: MetricsServerOptions): FastifyInstance {
  const server = createServer({ maxConnections: MAX_CONNECTIONS.metrics, tls });
  const scrapes = new Scrapes({
    max: MAX_SCRAPES,
    patienceMs: SCRAPE_PATIENCE_MS,
    now: () => performance.now(),
  });
  const letIn = async (request: FastifyRequest, reply: FastifyReply) => {
    const refusal = await gate?.judge(request.raw.headersDistinct["authorization"] ?? []);
    if (refusal === undefined) return undefined;
    const { status, message, challenge } = refusal;
    if (challenge !== undefined) reply.header("www-authenticate", challenge);
    return reply.code(status).type("text/plain").header("cache-control", "no-store").send(`${message}\n`);
  };
  // Fastify's own HEAD routes make the whole page and throw it away, faster than anybody could read it.
  server.head(METRICS_PATH, { onRequest: letIn }, (request, reply) =>
    reply.type(expose(request.headers.accept).contentType).send(),
  );
  server.get(METRICS_PATH, { onRequest: letIn, exposeHeadRoute: false }, (request, reply) => {
    const { contentType, body } = expose(request.headers.accept);
    const { socket } = request.raw;
    const end = scrapes.begin(socket, () => socket.destroy());
    if (end === undefined) {
      return reply
        .code(503)
        .header("retry-after", "1")
        .type("text/plain")
        .send("too many scrapes at once, try again\n");
    }
    // Pipelined behind another answer, this one would not learn that the connection was closed.
    const over = () => {
      socket.off("close", over);
      end();
    };
    socket.once("close", over);
    reply.raw.once("close", over);
    return reply.type(contentType).send(Readable.from(body, { objectMode: false }));
  });
  return server;
}
