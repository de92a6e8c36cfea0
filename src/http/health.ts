import type { FastifyInstance, FastifyReply } from "fastify";
import { createServer } from "./server.ts";

/** A question about the process that is answered yes or no at once. */
export interface Check {
  readonly name: string;
  readonly ok: () => boolean;
}

/**
 * `/livez`: should the process be restarted? `/readyz`: is its work under way? `/healthz` is livez's older name.
 * Plain text, a line for each check as Kubernetes' own servers have it, 200 or 503.
 */
export function healthServer(checks: {
  readonly live: readonly Check[];
  readonly ready: readonly Check[];
}): FastifyInstance {
  const server = createServer();
  const answer = (list: readonly Check[], reply: FastifyReply) => {
    const results = list.map(({ name, ok }) => ({ name, ok: ok() }));
    const healthy = results.every(({ ok }) => ok);
    const lines = results.map(({ name, ok }) => `[${ok ? "+" : "-"}]${name} ${ok ? "ok" : "failed"}`);
    return reply
      .code(healthy ? 200 : 503)
      .type("text/plain")
      .send(`${[...lines, healthy ? "ok" : "failed"].join("\n")}\n`);
  };
  server.get("/livez", (_request, reply) => answer(checks.live, reply));
  server.get("/healthz", (_request, reply) => answer(checks.live, reply));
  server.get("/readyz", (_request, reply) => answer([...checks.live, ...checks.ready], reply));
  return server;
}
