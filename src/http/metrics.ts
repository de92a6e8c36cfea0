import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { Gate } from "./auth/gate.ts";
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

/** `GET /metrics`: the exposition, as fast as it is read, for those whom `gate` lets in. */
export function metricsServer({ expose, gate, tls }: MetricsServerOptions): FastifyInstance {
  const server = createServer({}, tls);
  server.get(METRICS_PATH, {
    // HEAD is a route of its own that takes this along: it tells no more than get, and is judged as such.
    onRequest: async (request, reply) => {
      const refusal = await gate?.judge(request.raw.headersDistinct["authorization"] ?? []);
      if (refusal === undefined) return undefined;
      const { status, message, challenge } = refusal;
      if (challenge !== undefined) reply.header("www-authenticate", challenge);
      return reply.code(status).type("text/plain").header("cache-control", "no-store").send(`${message}\n`);
    },
    handler: async (request, reply) => {
      const { contentType, body } = expose(request.headers.accept);
      return reply.type(contentType).send(Readable.from(body, { objectMode: false }));
    },
  });
  return server;
}
