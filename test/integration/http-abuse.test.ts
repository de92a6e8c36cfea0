import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { healthServer } from "../../src/http/health.ts";
import {
  HTTP_LIMITS,
  MAX_CONNECTIONS,
  MAX_HEADERS,
  MAX_SCRAPES,
  SERVER_LIMITS,
} from "../../src/http/limits.ts";
import { metricsServer } from "../../src/http/metrics.ts";
import { listen } from "../../src/http/server.ts";
import { selfSignedSource } from "../../src/http/tls/self-signed.ts";
import { serverTls } from "../../src/http/tls/serving.ts";
import { profilesServer } from "../../src/profiling/server.ts";
import { eventually } from "../support/cluster-eventually.ts";
import { lines, type RawConnection, rawConnection, statusesOf } from "../support/raw-http.ts";

const silent = pino({ enabled: false });
const MIB = 2 ** 20;

type Server = ReturnType<typeof healthServer>;

async function listening(server: Server, log = silent) {
  onTestFinished(() => server.close());
  return { server, port: await listen(server, "test", 0, log, "127.0.0.1") };
}

function makeHealth() {
  return healthServer({ live: [{ name: "informer", failure: () => undefined }], ready: [] }, silent);
}

/** Endless, in pieces as large as real ones; counts them. */
function endlessPage() {
  const page = { pieces: 0, open: 0 };
  async function* body() {
    page.open += 1;
    try {
      for (;;) {
        page.pieces += 1;
        yield `up 1\n`.repeat(13_000);
      }
    } finally {
      page.open -= 1;
    }
  }
  return { page, expose: () => ({ contentType: "text/plain", body: body() }) };
}

const exposed = () => ({
  contentType: "text/plain",
  body: (async function* () {
    yield "up 1\n";
  })(),
});
const metrics = (expose: Parameters<typeof metricsServer>[0]["expose"] = exposed) =>
  listening(metricsServer({ expose }));

const SERVERS = {
  health: { make: makeHealth, path: "/livez", good: 200 },
  metrics: { make: () => metricsServer({ expose: exposed }), path: "/metrics", good: 200 },
  profiles: { make: profilesServer, path: "/debug/pprof/profile?seconds=0", good: 400 },
} as const;
const NAMES = ["health", "metrics", "profiles"] as const;

const openTo = ({ server }: { readonly server: Server }) =>
  new Promise<number>((resolve, reject) => {
    server.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });

/** What the server answers to a good request just now. */
async function served({ port, path }: { readonly port: number; readonly path: string }) {
  const { closed } = await rawConnection(
    port,
    lines(`GET ${path} HTTP/1.1`, "Host: localhost", "Connection: close"),
  );
  return statusesOf(await closed())[0];
}

describe.each(NAMES)("the %s server", (name) => {
  const HOST = "Host: localhost";
  const { make, path, good } = SERVERS[name];
  const max = MAX_CONNECTIONS[name];
  const target = { server: make(), path, port: 0 };
  beforeAll(async () => {
    target.port = await listen(target.server, name, 0, silent, "127.0.0.1");
  });
  afterAll(() => target.server.close());
  const close = "Connection: close";

  it.each([
    ["a path that leaves", lines("GET /../../../etc/passwd HTTP/1.1", HOST, close), [404]],
    ["an encoded path that leaves", lines("GET /%2e%2e/%2e%2e%2fetc/passwd HTTP/1.1", HOST, close), [404]],
    ["a path with backslashes", lines("GET /..\\..\\etc HTTP/1.1", HOST, close), [404]],
    ["a NUL in the path", lines("GET /a\0b HTTP/1.1", HOST, close), [400]],
    ["an encoded NUL", lines("GET /a%00b HTTP/1.1", HOST, close), [404]],
    ["a percent sign alone", lines("GET /% HTTP/1.1", HOST, close), [400]],
    ["an encoding that is no UTF-8", lines("GET /%ff%fe HTTP/1.1", HOST, close), [400]],
    ["bytes that are no UTF-8", lines("GET /\xff\xfe HTTP/1.1", HOST, close), [400, 404]],
    ["no host", lines("GET / HTTP/1.1", close), [400]],
    ["two hosts", lines("GET / HTTP/1.1", HOST, "Host: evil.example", close), [400, 403, 404]],
    ["another server's URL", lines("GET http://evil.example/secret HTTP/1.1", HOST, close), [404]],
    ["a tunnel", lines("CONNECT evil.example:443 HTTP/1.1", "Host: evil.example:443"), []],
    ["TRACE", lines("TRACE / HTTP/1.1", HOST, close, "Cookie: s3cret"), [405]],
    ["OPTIONS of all", lines("OPTIONS * HTTP/1.1", HOST, close), [400, 404, 405]],
    ["an upgrade", lines("GET /x HTTP/1.1", HOST, "Connection: close, Upgrade", "Upgrade: websocket"), [404]],
    ["a method that is none", lines("BREW / HTTP/1.1", HOST), [400]],
    ["HTTP/2", lines("PRI * HTTP/2.0", "", "SM"), [400]],
    ["HTTP/9.9", lines("GET / HTTP/9.9", HOST), [400]],
    ["TLS", Buffer.from("16030100c8010000c40303", "hex"), [400]],
    ["garbage", Buffer.from(`\x00\xff${"\x01".repeat(99)}\r\n\r\n`, "latin1"), [400]],
    [
      "both lengths",
      lines("POST / HTTP/1.1", HOST, "Content-Length: 4", "Transfer-Encoding: chunked"),
      [400],
    ],
    ["two lengths", lines("POST / HTTP/1.1", HOST, "Content-Length: 4", "Content-Length: 5"), [400]],
    ["a length that is none", lines("POST / HTTP/1.1", HOST, "Content-Length: -1"), [400]],
    ["an encoding that hides", lines("POST / HTTP/1.1", HOST, "Transfer-Encoding: \x0bchunked"), [400]],
    ["a folded header", lines("GET / HTTP/1.1", HOST, "X: a", "\tb", close), [400, 404]],
    ["a bare line feed", "GET / HTTP/1.1\nHost: localhost\n\n", [400]],
    ["a huge URL", lines(`GET /${"a".repeat(100_000)} HTTP/1.1`, HOST), [431]],
    ["a huge header", lines("GET / HTTP/1.1", HOST, `X: ${"a".repeat(100_000)}`), [431]],
    ["a flood of headers", `GET / HTTP/1.1\r\n${"a:\r\n".repeat(100_000)}`, [431]],
    ["a body", lines("POST / HTTP/1.1", HOST, "Content-Length: 100000000"), [405]],
    ["a chunked body", lines("PUT / HTTP/1.1", HOST, "Transfer-Encoding: chunked"), [405]],
    ["a prototype's key", lines("GET /__proto__ HTTP/1.1", HOST, close), [404]],
  ])("answers %s shortly, closes, and tells nothing", async (_what, request, statuses) => {
    const { closed, socket } = await rawConnection(target.port, request);
    // A TLS client would wait for the handshake's answer.
    if (typeof request !== "string") socket.end();
    const answer = await closed();
    const got = statusesOf(answer);
    expect(got.length).toBeLessThanOrEqual(1);
    if (statuses.length > 0 && got[0] !== 403) expect(statuses).toContain(got[0]);
    expect(answer.length).toBeLessThan(400);
    expect(answer).not.toMatch(/evil|passwd|s3cret|fastify|node|stack|\.ts|\.js|FST_|HPE_|%ff|__proto__/i);
    expect(await served(target)).toBe(good);
  });

  it("has the bounds that limits.ts says", async () => {
    const http = target.server.server;
    expect(http).toMatchObject({
      headersTimeout: HTTP_LIMITS.headersTimeout,
      requestTimeout: SERVER_LIMITS.requestTimeout,
      keepAliveTimeout: SERVER_LIMITS.keepAliveTimeout,
      maxRequestsPerSocket: SERVER_LIMITS.maxRequestsPerSocket,
      maxHeadersCount: MAX_HEADERS,
    });
    expect(http.headersTimeout).toBeLessThan(http.requestTimeout);
    expect(HTTP_LIMITS.connectionsCheckingInterval).toBeLessThan(HTTP_LIMITS.headersTimeout);
  });

  it("serves among thousands of idle connections, of which it keeps as many open as it may", async () => {
    const idle: RawConnection[] = [];
    for (let at = 0; at < 2_000; at += 1) idle.push(await rawConnection(target.port));
    await eventually(async () => expect(await openTo(target)).toBe(max));
    expect(await served(target)).toBe(good);
    expect(await openTo(target)).toBeLessThanOrEqual(max);
    await eventually(() => expect(idle.filter(({ isClosed }) => isClosed).length).toBeGreaterThan(1_800));
  });

  it("serves among bodies that never come", async () => {
    const body = lines(`GET ${target.path} HTTP/1.1`, HOST, "Content-Length: 1000");
    for (let at = 0; at < max * 2; at += 1) await rawConnection(target.port, body);
    expect(await served(target)).toBe(good);
    expect(await openTo(target)).toBeLessThanOrEqual(max);
  });

  it("answers a client that pipelines without end at most as often as one may", async () => {
    const request = lines(`HEAD /nothing HTTP/1.1`, HOST);
    const { closed, socket } = await rawConnection(target.port, request.repeat(5_000));
    socket.end();
    const statuses = statusesOf(await closed());
    expect(statuses.filter((status) => status !== 503).length).toBeLessThanOrEqual(
      SERVER_LIMITS.maxRequestsPerSocket,
    );
    expect(await served(target)).toBe(good);
  });
});

it("who sends a header a byte at a time is cut off everywhere, and others are served meanwhile", async () => {
  const attacks = NAMES.map(async (name) => {
    const { make, path, good } = SERVERS[name];
    const target = { ...(await listening(make())), path };
    const slow = await Promise.all(
      Array.from({ length: 5 }, () => rawConnection(target.port, `GET ${path} HTTP/1.1\r\n`)),
    );
    const drip = setInterval(() => {
      for (const { socket } of slow) if (socket.writable) socket.write("X");
    }, 100);
    onTestFinished(() => clearInterval(drip));
    expect(await served(target)).toBe(good);
    for (const { closed } of slow) expect(statusesOf(await closed())).toEqual([408]);
  });
  await Promise.all(attacks);
});

describe("scrapes", () => {
  const SCRAPE = lines("GET /metrics HTTP/1.1", "Host: localhost");

  it("by a hundred slow readers take bounded memory, and all but a few are told to come back", async () => {
    const { page, expose } = endlessPage();
    const target = await metrics(expose);
    const before = process.memoryUsage().rss;
    const readers = await Promise.all(
      Array.from({ length: 100 }, () => rawConnection(target.port, SCRAPE, "first")),
    );
    await eventually(() =>
      expect(readers.filter(({ received }) => statusesOf(received())[0] === 503)).toHaveLength(
        100 - MAX_SCRAPES,
      ),
    );
    let pieces = 0;
    await eventually(() => {
      const stands = pieces === page.pieces;
      pieces = page.pieces;
      expect(stands).toBe(true);
    });
    expect(page.open).toBe(MAX_SCRAPES);
    const refused = readers.find(({ received }) => statusesOf(received())[0] === 503)?.received();
    expect(refused).toMatch(/^retry-after: 1\r$/im);
    expect(refused).toContain("too many scrapes at once, try again\n");
    // The readers are in this process too.
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * MIB);
    for (const { socket } of readers) socket.destroy();
    await eventually(() => expect(page.open).toBe(0));
    const { received } = await rawConnection(target.port, SCRAPE, "first");
    await eventually(() => expect(statusesOf(received())).toEqual([200]));
  });

  it("that are pipelined are counted, and end with their connection", async () => {
    const { page, expose } = endlessPage();
    const target = await metrics(expose);
    const greedy = await rawConnection(target.port, SCRAPE.repeat(50), "nothing");
    await eventually(() => expect(page.open).toBeGreaterThan(0));
    expect(page.open).toBeLessThanOrEqual(MAX_SCRAPES);
    greedy.socket.destroy();
    await eventually(async () => {
      const { received, socket } = await rawConnection(target.port, SCRAPE, "first");
      await eventually(() => expect(received()).not.toBe(""));
      socket.destroy();
      expect(statusesOf(received())).toEqual([200]);
    });
  });

  it("by HEAD make no page", async () => {
    const { page, expose } = endlessPage();
    const target = await metrics(expose);
    const { closed } = await rawConnection(
      target.port,
      lines("HEAD /metrics HTTP/1.1", "Host: localhost", "Connection: close"),
    );
    const answer = await closed();
    expect(statusesOf(answer)).toEqual([200]);
    expect(answer).toMatch(/^content-type: text\/plain\r$/im);
    expect(page.pieces).toBe(0);
  });
});

describe("metrics over TLS", () => {
  const overTls = async () => {
    const pair = await selfSignedSource("localhost", Date.now)();
    return listening(metricsServer({ expose: exposed, tls: serverTls(pair) }));
  };

  it("are closed to plain HTTP and garbage, and served among connections that never shake hands", async () => {
    const target = await overTls();
    for (const text of [lines("GET /metrics HTTP/1.1", "Host: localhost"), randomBytes(4_096)]) {
      const answer = await (await rawConnection(target.port, text)).closed();
      expect(answer).not.toContain("up 1");
    }
    const idle: RawConnection[] = [];
    for (let at = 0; at < 500; at += 1) idle.push(await rawConnection(target.port));
    const { Agent, request } = await import("undici");
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
    onTestFinished(() => dispatcher.close());
    const answer = await request(`https://127.0.0.1:${target.port}/metrics`, { dispatcher });
    expect(await answer.body.text()).toBe("up 1\n");
    expect(await openTo(target)).toBeLessThanOrEqual(MAX_CONNECTIONS.metrics);
  });
});

it("a defect is told to the log alone", async () => {
  const logged: string[] = [];
  const log = pino({}, { write: (line: string) => void logged.push(line) });
  const server = metricsServer({
    expose: () => {
      throw new Error("the defect's own words");
    },
  });
  const { port } = await listening(server, log);
  const { closed } = await rawConnection(
    port,
    lines("GET /metrics HTTP/1.1", "Host: localhost", "Connection: close"),
  );
  const answer = await closed();
  expect(statusesOf(answer)).toEqual([500]);
  expect(answer).not.toContain("own words");
  expect(logged.join("")).toContain("the defect's own words");
});
