import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/async/clock.ts";
import { eventually } from "../support/cluster.ts";
import {
  CONFIG_MAPS,
  type Harness,
  type HarnessOptions,
  informerHarness,
} from "../support/informer-harness.ts";

const GONE = `${JSON.stringify({ type: "ERROR", object: { code: 410, reason: "Expired", message: "too old" } })}\n`;
const FOR_EVER_MS = 3_600_000;

async function watching(options: HarnessOptions = {}): Promise<Harness> {
  const harness = await informerHarness(options);
  await harness.put("a", "1");
  harness.informer.start();
  await eventually(() => expect(harness.proxy.openWatches).toBe(1));
  return harness;
}

describe("watches that go wrong", () => {
  it("a cut watch continues where it was", async () => {
    const { informer, proxy, put, told } = await watching();
    proxy.cutWatches();
    await put("a", "2");
    await eventually(() => expect(told).toEqual(["+a=1", "a=1>2"]));
    expect(informer.stats()).toMatchObject({ lists: 1, watches: 2, watchFailures: 1 });
  });

  it.each([
    ["a line that is no JSON", "{oops\n"],
    ["JSON that is no event", '{"type":"ADDED"}\n'],
    ["an event of an unknown type", '{"type":"MOVED","object":{"metadata":{"resourceVersion":"1"}}}\n'],
  ])("%s reopens the watch and loses nothing", async (_, line) => {
    const { informer, proxy, put, told } = await watching();
    proxy.inject(line);
    await eventually(() => expect(proxy.seen.watch).toHaveLength(2));
    await put("a", "2");
    await eventually(() => expect(told).toEqual(["+a=1", "a=1>2"]));
    expect(informer.stats()).toMatchObject({ lists: 1, watchFailures: 1 });
  });

  it("a watch that is cut in the middle of an event continues before it", async () => {
    const { proxy, put, told } = await watching();
    proxy.inject('{"type":"ADDED","object":{"metadata":{"name":"half');
    proxy.cutWatches();
    await put("a", "2");
    await eventually(() => expect(told).toEqual(["+a=1", "a=1>2"]));
  });

  it("a silent watch is opened anew", async () => {
    const { proxy, put, told, logged } = await watching({ idleTimeoutMs: 300 });
    proxy.silenceWatches();
    await put("a", "2");
    await eventually(() => expect(told).toEqual(["+a=1", "a=1>2"]));
    expect(JSON.stringify(logged)).toContain("silent for too long");
  });

  it("a refused watch is asked for again", async () => {
    const { informer, proxy, put, told } = await informerHarness();
    proxy.fail({ on: "watch", times: 2, status: 503 });
    // Accepted, and ended at once: a broken server must not be asked in a tight loop.
    proxy.fail({ on: "watch", times: 2, status: 200, body: "" });
    informer.start();
    await eventually(() => expect(proxy.openWatches).toBe(1));
    await put("a", "1");
    await eventually(() => expect(told).toEqual(["+a=1"]));
    expect(informer.stats()).toMatchObject({ lists: 1, watches: 5, watchFailures: 4 });
  });

  it("a bookmark moves the position while nothing changes", async () => {
    const { direct, proxy, namespace } = await watching();
    await direct.create(CONFIG_MAPS, { namespace: "default" }, { metadata: { generateName: "elsewhere-" } });
    const { metadata } = await direct.list(CONFIG_MAPS, { namespace });
    proxy.inject(`${JSON.stringify({ type: "BOOKMARK", object: { metadata } })}\n`);
    proxy.endWatches();
    await eventually(() => expect(proxy.seen.watch).toHaveLength(2));
    const [first, second] = proxy.seen.watch.map(({ searchParams }) => searchParams);
    expect(second?.get("resourceVersion")).toBe(metadata.resourceVersion);
    expect(first?.get("resourceVersion")).not.toBe(metadata.resourceVersion);
    expect(first?.get("allowWatchBookmarks")).toBe("true");
    expect(Number(first?.get("timeoutSeconds"))).toBeLessThanOrEqual(290);
  });
});

describe("positions that are gone", () => {
  it("410 in a watch lists at once: what was missed is told, deletions too", async () => {
    const backoff = { initialMs: FOR_EVER_MS, maxMs: FOR_EVER_MS };
    const { informer, proxy, put, remove, told } = await watching({ backoff });
    await put("b", "1");
    await put("c", "1");
    await eventually(() => expect(told).toHaveLength(3));
    proxy.silenceWatches();
    await put("a", "2");
    await remove("b");
    await remove("c");
    await put("c", "2");
    proxy.inject(GONE);
    await eventually(() => expect(told).toHaveLength(7));
    expect(told.slice(3)).toEqual(["-b=1", "a=1>2", "-c=1", "+c=2"]);
    expect(informer.stats()).toMatchObject({ lists: 2, watchFailures: 1 });
  });

  it("410 as the answer to a watch lists at once, but not again and again", async () => {
    const asked: number[] = [];
    const sleep: typeof systemClock.sleep = (ms, signal) => {
      if (ms < FOR_EVER_MS / 10) asked.push(ms);
      return systemClock.sleep(ms, signal);
    };
    const { informer, proxy } = await informerHarness({
      clock: { ...systemClock, sleep },
      relistMs: FOR_EVER_MS,
    });
    proxy.fail({ on: "watch", times: 3, status: 410 });
    informer.start();
    await eventually(() => expect(proxy.openWatches).toBe(1));
    expect(informer.stats()).toMatchObject({ lists: 4, watchFailures: 3 });
    expect(asked.map((ms) => ms > 0)).toEqual([false, true, true]);
  });

  it("410 for a continue token begins the list anew", async () => {
    const { informer, proxy, put, told } = await informerHarness({ pageSize: 1 });
    await put("a", "1");
    await put("b", "1");
    proxy.fail({ on: "list", status: 410, when: ({ searchParams }) => searchParams.has("continue") });
    informer.start();
    await informer.waitForSync();
    expect(told).toEqual(["+a=1", "+b=1"]);
    expect(proxy.seen.list).toHaveLength(4);
  });
});

describe("lists", () => {
  it.each([
    ["a server that asks for time gets it", "60", 60_000, 90_000],
    ["a server that asks for years gets minutes", "999999999", 120_000, 180_000],
  ])("%s", async (_, retryAfter, leastMs, mostMs) => {
    const asked: number[] = [];
    const { informer, proxy } = await informerHarness({
      // Less than Retry-After: the client cannot wait for it.
      clientOptions: { requestTimeoutMs: 5_000 },
      clock: {
        ...systemClock,
        sleep: (ms, signal) => {
          asked.push(ms);
          return systemClock.sleep(ms < FOR_EVER_MS / 10 ? 0 : ms, signal);
        },
      },
      relistMs: FOR_EVER_MS,
    });
    proxy.fail({ on: "list", status: 429, headers: { "retry-after": retryAfter } });
    informer.start();
    await informer.waitForSync();
    expect(asked[0]).toBeGreaterThanOrEqual(leastMs);
    expect(asked[0]).toBeLessThanOrEqual(mostMs);
  });

  it("an answer that is no list is a failure like any other", async () => {
    const { informer, proxy } = await informerHarness();
    proxy.fail({ on: "list", status: 200, body: "<html>" });
    proxy.fail({ on: "list", status: 200, body: '{"kind":"Surprise"}' });
    informer.start();
    await informer.waitForSync();
    expect(informer.stats().listFailures).toBe(2);
  });

  it("the cache is compared with a list from time to time", async () => {
    const { proxy, put, remove, told } = await watching({ relistMs: 300 });
    await put("b", "1");
    await eventually(() => expect(told).toContain("+b=1"));
    proxy.silenceWatches();
    await remove("a");
    await eventually(() => expect(told.at(-1)).toBe("-a=1"));
    await eventually(() => expect(proxy.openWatches).toBe(1));
  });

  it("while such a list fails, the watch goes on", async () => {
    const { informer, proxy, put, told } = await watching({ relistMs: 300 });
    proxy.fail({ on: "list", times: Number.POSITIVE_INFINITY, status: 500 });
    await eventually(() => expect(informer.stats().listFailures).toBeGreaterThan(2));
    await put("a", "2");
    await eventually(() => expect(told).toEqual(["+a=1", "a=1>2"]));
  });
});
