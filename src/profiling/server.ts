import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { MAX_CONNECTIONS } from "../http/limits.ts";
import { createServer } from "../http/server.ts";
import { type ProfileKind, takeProfile } from "./profiler.ts";

const DEFAULT_SECONDS = 10;
const MAX_SECONDS = 60;

/**
 * `GET /debug/pprof/profile` and `GET /debug/pprof/heap`, paths that those who profile Go know; `?seconds=` says for how
 * long. One profile at a time: two would measure each other. To be listened to on the loopback alone, since a profile
 * costs CPU and nobody is asked who they are.
 */
export function profilesServer(): FastifyInstance {
  // A profile that is being taken says nothing for as long as it takes.
  const server = createServer({
    maxConnections: MAX_CONNECTIONS.profiles,
    connectionTimeout: (MAX_SECONDS + 30) * 1_000,
  });
  // Who forwards the port to a workstation must not open it to the pages that a browser there has open.
  server.addHook("onRequest", (request, reply, done) => {
    if (isOwn(request)) done();
    else void reply.code(403).type("text/plain").send("only for programs that ask 127.0.0.1 or localhost\n");
  });
  let isTaking = false;
  const answer = async (kind: ProfileKind, request: FastifyRequest, reply: FastifyReply) => {
    const seconds = secondsOf(request.query as Query);
    if (seconds === undefined) {
      const text = `seconds must be a whole number from 1 to ${MAX_SECONDS}, and is the only parameter\n`;
      return reply.code(400).type("text/plain").send(text);
    }
    if (isTaking)
      return reply.code(409).type("text/plain").send("a profile is being taken; try again later\n");
    isTaking = true;
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    try {
      const profile = await takeProfile(kind, seconds * 1_000, gone.signal);
      const file = `awsscan-${new Date().toISOString().replace(/[:.]/g, "-")}.${kind}profile`;
      return reply
        .header("content-disposition", `attachment; filename="${file}"`)
        .type("application/json")
        .send(JSON.stringify(profile));
    } finally {
      isTaking = false;
    }
  };
  server.get("/debug/pprof/profile", (request, reply) => answer("cpu", request, reply));
  server.get("/debug/pprof/heap", (request, reply) => answer("heap", request, reply));
  return server;
}

/** Whether the request names the loopback, which a name that was rebound to it does not, and is no other site's. */
function isOwn({ headers, hostname }: FastifyRequest): boolean {
  return (
    LOOPBACK.includes(hostname) && headers.origin === undefined && !isCrossSite(headers["sec-fetch-site"])
  );
}

const LOOPBACK: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

function isCrossSite(site: string | readonly string[] | undefined): boolean {
  return site !== undefined && site !== "none" && site !== "same-origin";
}

type Query = Readonly<Record<string, string | readonly string[]>>;

/** Undefined where the query says anything else than one good number of seconds. */
function secondsOf(query: Query): number | undefined {
  const { seconds = String(DEFAULT_SECONDS), ...others } = query;
  if (Object.keys(others).length > 0 || typeof seconds !== "string" || !/^\d{1,3}$/.test(seconds))
    return undefined;
  const value = Number(seconds);
  return value >= 1 && value <= MAX_SECONDS ? value : undefined;
}
