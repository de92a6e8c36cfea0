import fastify, { type FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { ServerTls } from "./tls/serving.ts";

/** Bounds that keep a slow or hostile client from holding the process: see each option in fastify's reference. */
const LIMITS = {
  connectionTimeout: 30_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 15_000,
  bodyLimit: 1_024,
  routerOptions: { maxParamLength: 64 },
} as const;

/**
 * An HTTP server without routes, over TLS where it is given that, which says 404 in plain text and closes idle
 * connections when it is closed.
 */
export function createServer(
  limits: { readonly connectionTimeout?: number } = {},
  tls?: ServerTls,
): FastifyInstance {
  const options = { ...LIMITS, ...limits, logger: false, forceCloseConnections: true } as const;
  const server: FastifyInstance = fastify({ ...options, https: tls ?? null });
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
  await server.listen({ host, port });
  const address = server.server.address();
  const actual = typeof address === "object" && address !== null ? address.port : port;
  log.info({ server: name, port: actual }, `${name} server listens on port ${actual}`);
  return actual;
}
