import fastify, { type FastifyInstance, type FastifyReply, type FastifyServerOptions } from "fastify";
import type { Logger } from "pino";
import { boundConnections } from "./connections.ts";
import { HTTP_LIMITS, MAX_HEADERS, SERVER_LIMITS } from "./limits.ts";
import type { ServerTls } from "./tls/serving.ts";

export interface CreateServerOptions {
  /** The most connections at a time. */
  readonly maxConnections: number;
  /** Milliseconds without a byte, where an answer may take longer than the usual bound. */
  readonly connectionTimeout?: number;
  /** Undefined: plain HTTP. */
  readonly tls?: ServerTls | undefined;
}

/**
 * An HTTP server without routes, over TLS where it is given that, bounded as `limits.ts` says. It answers GET and HEAD;
 * what is refused is told in a few words that hold nothing of the request. Closed, it closes its connections too.
 */
export function createServer({
  maxConnections,
  connectionTimeout = SERVER_LIMITS.connectionTimeout,
  tls,
}: CreateServerOptions): FastifyInstance {
  const options = {
    ...SERVER_LIMITS,
    connectionTimeout,
    logger: false,
    forceCloseConnections: true,
    // A URL that cannot be decoded never gets as far as a route.
    frameworkErrors: (_error, _request, reply: FastifyReply) =>
      void reply.code(400).type("text/plain").send("bad request\n"),
  } satisfies FastifyServerOptions;
  const server: FastifyInstance =
    tls === undefined
      ? fastify({ ...options, http: HTTP_LIMITS })
      : fastify({ ...options, https: { ...HTTP_LIMITS, ...tls } });
  server.server.maxHeadersCount = MAX_HEADERS;
  boundConnections(server.server, maxConnections);
  // Before a body is read, which might never come.
  server.addHook("onRequest", (request, reply, done) => {
    if (request.method === "GET" || request.method === "HEAD") return done();
    void reply
      .code(405)
      .headers({ allow: "GET, HEAD", connection: "close" })
      .type("text/plain")
      .send("method not allowed\n");
  });
  server.setNotFoundHandler((_request, reply) => reply.code(404).type("text/plain").send("not found\n"));
  return server;
}

/** Listens at `port`, 0 for a free one, on `host`, every address by default, and logs which port it is. */
export async function listen(
  server: FastifyInstance,
  name: string,
  port: number,
  log: Logger,
  // An empty one is Node's default: every address, of IPv6 too where the machine has it.
  host = "",
): Promise<number> {
  server.setErrorHandler((error, _request, reply) => {
    // A defect: whoever asked learns that there is one, the log which.
    log.error({ err: error, server: name }, "a request could not be answered");
    return reply.code(500).type("text/plain").send("internal error: see the operator's log\n");
  });
  await server.listen({ host, port });
  const address = server.server.address();
  const actual = typeof address === "object" && address !== null ? address.port : port;
  log.info({ server: name, port: actual }, `${name} server listens on port ${actual}`);
  return actual;
}
