import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { createServer } from "./server.ts";

/** `GET /metrics`: the exposition that `expose` makes for the request's `Accept` header, as fast as it is read. */
export function metricsServer(
  expose: (accept: string | undefined) => {
    readonly contentType: string;
    readonly body: AsyncIterable<string>;
  },
): FastifyInstance {
  const server = createServer();
  server.get("/metrics", async (request, reply) => {
    const { contentType, body } = expose(request.headers.accept);
    return reply.type(contentType).send(Readable.from(body, { objectMode: false }));
  });
  return server;
}
