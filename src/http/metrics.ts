import type { FastifyInstance } from "fastify";
import { createServer } from "./server.ts";

/** `GET /metrics`: the exposition that `expose` makes for the request's `Accept` header. */
export function metricsServer(
  expose: (accept: string | undefined) => Promise<{ readonly contentType: string; readonly body: string }>,
): FastifyInstance {
  const server = createServer();
  server.get("/metrics", async (request, reply) => {
    const { contentType, body } = await expose(request.headers.accept);
    return reply.type(contentType).send(body);
  });
  return server;
}
