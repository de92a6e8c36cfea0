import { describe, expect, it, onTestFinished } from "vitest";
import type { KubeClient } from "../../src/kube/client.ts";
import { eventually, useNamespace } from "../support/cluster.ts";
import { CONFIG_MAPS, type ConfigMap } from "../support/informer-harness.ts";
import { failureOf, faultyClient } from "../support/kube-client-harness.ts";

const namespace = useNamespace({ prefix: "kube-client" });
const configMap = (name: string, data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace },
  data,
});

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const one of source) result.push(one);
  return result;
}

describe("retries", () => {
  it("a request that is turned away for now is made again", async () => {
    const { client, proxy } = await faultyClient();
    proxy.fail({ on: "other", times: 2, status: 429, headers: { "retry-after": "0" } });
    expect(await client.get(CONFIG_MAPS, { namespace, name: "none" })).toBeUndefined();
    expect(proxy.seen.other).toHaveLength(3);
  });

  it("three times, then it is the caller's", async () => {
    const { client, proxy } = await faultyClient();
    proxy.fail({ on: "list", times: 9, status: 503, headers: { "retry-after": "0" } });
    expect(await failureOf(client.list(CONFIG_MAPS, { namespace }))).toMatchObject({
      status: 503,
      retryAfterMs: 0,
    });
    expect(proxy.seen.list).toHaveLength(4);
  });

  it("not where it may have been done, and not beyond the deadline", async () => {
    const { client, proxy } = await faultyClient();
    proxy.fail({ on: "other", status: 503, headers: { "retry-after": "0" } });
    const created = client.create(CONFIG_MAPS, { namespace }, configMap("never", {}));
    expect((await failureOf(created)).status).toBe(503);
    proxy.fail({ on: "list", status: 429, headers: { "retry-after": "31" } });
    const listed = client.list(CONFIG_MAPS, { namespace });
    expect(await failureOf(listed)).toMatchObject({ status: 429, retryAfterMs: 31_000 });
    expect(proxy.seen).toMatchObject({ list: [expect.anything()], other: [expect.anything()] });
  });
});

describe("the client-side rate limit", () => {
  it("bounds requests, retries and watches, and waiting counts as part of a request's time", async () => {
    const { client, proxy } = await faultyClient({
      requestTimeoutMs: 5_000,
      rateLimit: { qps: 0.01, burst: 3 },
    });
    proxy.fail({ on: "list", times: 1, status: 429, headers: { "retry-after": "0" } });
    const { metadata } = await client.list(CONFIG_MAPS, { namespace });
    const stop = new AbortController();
    const opened = Promise.withResolvers<void>();
    const watch = collect(
      client.watch(CONFIG_MAPS, {
        namespace,
        resourceVersion: metadata.resourceVersion ?? "",
        onOpen: opened.resolve,
        signal: stop.signal,
      }),
    );
    await opened.promise;
    const late = await failureOf(client.get(CONFIG_MAPS, { namespace, name: "late" }));
    expect(late).toMatchObject({ status: 0, reason: "Timeout" });
    expect(late.message).toContain("not sent: the client-side rate limit of 0.01 requests a second");
    expect(proxy.seen).toMatchObject({ list: { length: 2 }, watch: { length: 1 } });
    expect(proxy.seen.other ?? []).toHaveLength(0);
    stop.abort();
    await watch;
  });
});

describe("bounds", () => {
  it("an answer that does not come is given up, and a caller can give up before", async () => {
    const { client, proxy } = await faultyClient({ requestTimeoutMs: 200 });
    const release = proxy.holdLists();
    onTestFinished(release);
    expect(await failureOf(client.list(CONFIG_MAPS, { namespace }))).toMatchObject({
      status: 0,
      reason: "Timeout",
    });
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(client.list(CONFIG_MAPS, { namespace, signal })).rejects.toThrow("enough");
  });

  it("an answer that is too long is refused", async () => {
    const { client } = await faultyClient({ maxResponseBytes: 20 });
    expect((await failureOf(client.list(CONFIG_MAPS, { namespace }))).reason).toBe("AnswerTooLarge");
    await client.ping();
  });
});

describe("watches", () => {
  const start = async (client: KubeClient) => {
    const { metadata } = await client.list(CONFIG_MAPS, { namespace });
    return { namespace, resourceVersion: metadata.resourceVersion };
  };

  it("tell what changes; leaving the loop releases the connection", async () => {
    const { client, proxy } = await faultyClient();
    const from = await start(client);
    await client.create(CONFIG_MAPS, { namespace }, configMap("watched", {}));
    await client.delete(CONFIG_MAPS, { namespace, name: "watched" });
    const types: string[] = [];
    for await (const { type } of client.watch(CONFIG_MAPS, from)) {
      types.push(type);
      if (types.length === 2) break;
    }
    expect(types).toEqual(["ADDED", "DELETED"]);
    await eventually(() => expect(proxy.openWatches).toBe(0));
  });

  it("end without an error when their signal aborts, while they wait too", async () => {
    const { client, proxy } = await faultyClient();
    const abort = new AbortController();
    const options = { ...(await start(client)), signal: abort.signal, onOpen: () => abort.abort() };
    const events = await collect(client.watch(CONFIG_MAPS, options));
    expect(events).toEqual([]);
    await eventually(() => expect(proxy.openWatches).toBe(0));
    expect(await collect(client.watch(CONFIG_MAPS, options))).toEqual([]);
    expect(proxy.seen.watch).toHaveLength(1);
  });

  it("release the connection when whoever opened them fails", async () => {
    const { client, proxy } = await faultyClient();
    const onOpen = () => {
      throw new Error("opener's fault");
    };
    await expect(collect(client.watch(CONFIG_MAPS, { ...(await start(client)), onOpen }))).rejects.toThrow(
      "opener's fault",
    );
    await eventually(() => expect(proxy.openWatches).toBe(0));
  });

  it("are refused with the server's words", async () => {
    const { client, proxy } = await faultyClient();
    proxy.fail({
      on: "watch",
      status: 410,
      body: '{"reason":"Expired","message":"too old resource version"}',
    });
    const events = collect(client.watch(CONFIG_MAPS, await start(client)));
    const error = await failureOf(events);
    expect(error.message).toBe(
      `watch configmaps in namespace ${namespace}: 410 Expired: too old resource version`,
    );
  });

  it("do not read on while nobody takes their events", async () => {
    const { client, proxy } = await faultyClient();
    const from = await start(client);
    const watch = client.watch<ConfigMap>(CONFIG_MAPS, from);
    const first = watch.next();
    await eventually(() => expect(proxy.openWatches).toBe(1));
    const object = {
      ...configMap("big", { value: "x".repeat(500_000) }),
      metadata: { name: "big", resourceVersion: "1" },
    };
    const line = `${JSON.stringify({ type: "MODIFIED", object })}\n`;
    for (let time = 0; time < 40; time += 1) proxy.inject(line);
    expect((await first).value?.type).toBe("MODIFIED");
    // 20 MB were written, and sockets hold a few: the rest waits at the sender.
    await eventually(() => expect(proxy.unreadBytes).toBeGreaterThan(5_000_000));
    await watch.return();
  });
});
