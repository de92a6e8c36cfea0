/** Whatever stands in for the API server: a gateway, a proxy, half an answer. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { fuzz } from "../../test/support/fuzz.ts";
import { damagedBytes, damagedJson, damagedText } from "../../test/support/mutations.ts";
import { startScriptedKube } from "../../test/support/scripted-kube.ts";
import { isNotFound, KubeError } from "./client.ts";
import { lines } from "./lines.ts";
import { parseRetryAfterMs, retryDelayMs } from "./retry.ts";
import { KubeReviews } from "./reviews.ts";
import type { KubeObject } from "./types.ts";
import { watchEvents } from "./watch.ts";

const kube = await startScriptedKube();
const KIND = { group: "", version: "v1", plural: "configmaps" };
const CALL = { request: "watch configmaps", method: "GET", path: "/" } as const;

const OBJECT = {
  metadata: { name: "a", namespace: "team", uid: "u", resourceVersion: "7" },
  data: { a: "b" },
};
const LIST = { metadata: { resourceVersion: "9" }, items: [OBJECT, { ...OBJECT, metadata: { name: "b" } }] };
const STATUS = {
  kind: "Status",
  status: "Failure",
  code: 404,
  reason: "NotFound",
  message: 'configmaps "a" not found',
  details: { retryAfterSeconds: 3 },
};
const EVENTS = [
  { type: "ADDED", object: OBJECT },
  { type: "BOOKMARK", object: { metadata: { resourceVersion: "8" } } },
  { type: "ERROR", object: { ...STATUS, code: 410, reason: "Expired" } },
].map((event) => JSON.stringify(event));

const anyBody = fc.oneof(
  damagedText([
    JSON.stringify(OBJECT),
    JSON.stringify(LIST),
    JSON.stringify(STATUS),
    "<html>404</html>",
    "404 page not found",
  ]),
  ...[OBJECT, LIST, STATUS].map((good) => damagedJson(good).map((json) => JSON.stringify(json))),
);

/** A refusal that can be logged, counted and waited for. */
function expectTold(error: unknown): asserts error is KubeError {
  if (!(error instanceof KubeError)) throw error;
  expect(error.message).not.toMatch(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/u);
  expect(error.reason).toMatch(/^[^\p{Cc}\p{Cs}]{1,128}$/u);
  expect(Number.isInteger(error.status)).toBe(true);
  if (error.retryAfterMs !== undefined) {
    expect(Number.isFinite(error.retryAfterMs)).toBe(true);
    expect(error.retryAfterMs).toBeGreaterThanOrEqual(0);
  }
}

fuzz(
  "an answer is an object, a list with names, or a refusal of its own status that can be told",
  200,
  fc.tuple(anyBody, fc.constantFrom(200, 201, 400, 401, 403, 404, 409, 410, 500, 502), fc.boolean()),
  async ([body, status, isList]) => {
    kube.use((_request, response) => response.writeHead(status).end(body));
    const { client } = kube;
    try {
      const answer = isList
        ? await client.list<KubeObject>(KIND, { namespace: "team" })
        : await client.get<KubeObject>(KIND, { namespace: "team", name: "a" });
      // Only the server's own 404 says that there is nothing.
      expect(answer === undefined).toBe(!isList && status === 404);
      expect(status).toBeLessThan(isList ? 300 : 405);
      if (isList)
        for (const { metadata } of (answer as typeof LIST).items) expect(metadata.name).toBeTypeOf("string");
    } catch (error) {
      expectTold(error);
      expect([0, status]).toContain(error.status);
      expect(isNotFound(error)).toBe(status === 404);
    }
  },
);

it("a gateway's failure does not become the absence that its words tell of", async () => {
  kube.use((_request, response) => response.writeHead(500).end(JSON.stringify(STATUS)));
  await expect(kube.client.get(KIND, { namespace: "team", name: "a" })).rejects.toMatchObject({
    status: 500,
  });
});

it.each([
  "null",
  "5",
  "[]",
  "{}",
  '{"metadata":{},"items":null}',
  '{"metadata":{},"items":""}',
  '{"metadata":{},"items":[{}]}',
])("%s is no empty list", async (body) => {
  kube.use((_request, response) => response.end(body));
  await expect(kube.client.list(KIND)).rejects.toMatchObject({ reason: "MalformedAnswer" });
});

fuzz(
  "a watch yields events by which a cache can be kept, and ends in a refusal that can be told",
  300,
  fc.tuple(
    damagedBytes([EVENTS.join("\n"), `${EVENTS.join("\r\n")}\n`]),
    fc.array(fc.nat(), { maxLength: 4 }),
  ),
  async ([bytes, cuts]) => {
    const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
    async function* body() {
      for (const [index, to] of places.slice(1).entries()) yield bytes.subarray(places[index], to);
    }
    const whole = Buffer.from(bytes).toString("utf8").split("\n");
    let events = 0;
    try {
      for await (const event of watchEvents<KubeObject>(CALL, body(), undefined)) {
        events += 1;
        expect(["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"]).toContain(event.type);
        if (event.type === "ERROR") continue;
        expect(event.object.metadata.resourceVersion).toBeTypeOf("string");
        if (event.type !== "BOOKMARK") expect(event.object.metadata.name).toBeTypeOf("string");
      }
    } catch (error) {
      expectTold(error);
    }
    expect(events).toBeLessThanOrEqual(whole.length);
  },
);

fuzz(
  "no line is longer than its bound, and none is lost before the one that is",
  300,
  fc.tuple(damagedBytes([EVENTS.join("\n")]), fc.integer({ min: 1, max: 200 })),
  async ([bytes, max]) => {
    async function* body() {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    }
    const read: string[] = [];
    const expected = Buffer.from(bytes).toString("latin1").split("\n");
    const long = expected.findIndex((line) => line.length > max);
    try {
      for await (const line of lines(body(), max)) read.push(line);
      expect(long).toBe(-1);
    } catch (error) {
      expect((error as Error).name).toBe("LineTooLongError");
      expect(long).toBeGreaterThanOrEqual(0);
    }
    const before = (long < 0 ? expected : expected.slice(0, long))
      .map((line) => Buffer.from(line, "latin1").toString("utf8").trim())
      .filter(Boolean);
    expect(read).toEqual(before);
  },
);

fuzz(
  "Retry-After never asks for nothing, for ever, or for more than the deadline has left",
  300,
  fc.tuple(
    damagedText(["3", "120", "Wed, 21 Oct 2026 07:28:00 GMT"]),
    fc.nat({ max: 60_000 }),
    fc.constantFrom(429, 503),
  ),
  ([header, remainingMs, status]) => {
    const retryAfterMs = parseRetryAfterMs(header);
    const context = { method: "GET", retries: 0, remainingMs, random: () => 0.5 };
    const delay = retryDelayMs({ status, retryAfterMs }, context);
    if (delay === undefined) return;
    expect(delay).toBeGreaterThanOrEqual(100);
    expect(delay).toBeLessThan(remainingMs);
  },
);

const REVIEWS = [
  { status: { authenticated: false, error: "unknown" } },
  { status: { allowed: false, denied: true, reason: "no" } },
  { status: {} },
];
fuzz(
  "no damage to a review that says no makes it a yes",
  200,
  fc.oneof(...REVIEWS.map((review) => damagedJson(review))),
  async (review) => {
    // A yes in good order is one.
    const { authenticated, allowed } = ((review as { status?: unknown } | null)?.status ?? {}) as Record<
      string,
      unknown
    >;
    fc.pre(authenticated !== true && allowed !== true);
    kube.use((_request, response) => response.end(JSON.stringify(review)));
    const reviews = new KubeReviews(kube.client);
    try {
      expect(await reviews.userOf("t")).toBeUndefined();
      expect((await reviews.mayAccess({ username: "u" }, "get", "/metrics")).allowed).toBe(false);
    } catch (error) {
      expectTold(error);
    }
  },
);
