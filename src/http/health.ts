import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { type Check, CheckRunner, type HealthChecks } from "./checks.ts";
import { MAX_CONNECTIONS } from "./limits.ts";
import { createServer } from "./server.ts";

interface Query {
  readonly verbose?: string | string[];
  readonly exclude?: string | string[];
}

/**
 * `/livez`: should the process be left alone rather than restarted? `/readyz`: is its work under way? `/healthz` is livez's
 * older name. As Kubernetes' own servers have them: 200 with `ok`, or 503 with a line for each check and why it fails;
 * `?verbose` has the lines always, `?exclude=<check>` leaves one out, `/livez/<check>` asks one alone.
 * https://kubernetes.io/docs/reference/using-api/health-checks/
 */
export function healthServer({ live, ready }: HealthChecks, log: Logger): FastifyInstance {
  const server = createServer({ maxConnections: MAX_CONNECTIONS.health });
  // A live process is one until it is not; what makes it ready takes its time.
  const runner = new CheckRunner(
    log,
    live.map(({ name }) => name),
  );
  const endpoints = { livez: live, readyz: [...live, ...ready], healthz: live };
  for (const [endpoint, checks] of Object.entries(endpoints)) {
    server.get<{ Querystring: Query }>(`/${endpoint}`, (request, reply) =>
      answer({ runner, endpoint, checks, request, reply }),
    );
    for (const check of checks) {
      server.get<{ Querystring: Query }>(`/${endpoint}/${check.name}`, (request, reply) =>
        answer({ runner, endpoint, checks: [check], request, reply }),
      );
    }
  }
  return server;
}

interface Asked {
  readonly runner: CheckRunner;
  readonly endpoint: string;
  readonly checks: readonly Check[];
  readonly request: FastifyRequest<{ Querystring: Query }>;
  readonly reply: FastifyReply;
}

function answer({ runner, endpoint, checks, request, reply }: Asked): FastifyReply {
  const { exclude = [], verbose } = request.query;
  const excluded = new Set([exclude].flat());
  const lines: string[] = [];
  let healthy = true;
  for (const check of checks) {
    if (excluded.delete(check.name)) {
      lines.push(`[+]${check.name} excluded: ok`);
      continue;
    }
    const { name, failure } = runner.run(check);
    healthy &&= failure === undefined;
    lines.push(failure === undefined ? `[+]${name} ok` : `[-]${name} failed: ${failure}`);
  }
  // Not repeated: it is the caller's text.
  if (excluded.size > 0) lines.push("warn: there is no check of some of the names to exclude");
  lines.push(`${endpoint} check ${healthy ? "passed" : "failed"}`);
  return reply
    .code(healthy ? 200 : 503)
    .type("text/plain")
    .header("cache-control", "no-store")
    .send(healthy && verbose === undefined ? "ok\n" : `${lines.join("\n")}\n`);
}
