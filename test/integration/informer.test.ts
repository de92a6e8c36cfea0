import { describe, expect, it } from "vitest";
import { eventually } from "../support/cluster.ts";
import { informerHarness } from "../support/informer-harness.ts";

describe("what client-node's informer gets wrong", () => {
  it("a failed list does not end it", async () => {
    const { informer, proxy, put, told } = await informerHarness();
    await put("a", "1");
    proxy.fail({ on: "list", times: 3, status: 500 });
    informer.start();
    await informer.waitForSync();
    expect(told).toEqual(["+a=1"]);
    expect(informer.stats()).toMatchObject({ lists: 4, listFailures: 3 });
  });

  it("a handler that throws, or rejects, does not lose its position", async () => {
    const heard: string[] = [];
    const { informer, proxy, put, logged } = await informerHarness({
      onChange: (key, now) => {
        heard.push(key);
        if (now?.data?.["value"] === "throw") throw new Error("handler's fault");
        if (now?.data?.["value"] === "reject") return Promise.reject(new Error("handler's fault"));
        return undefined;
      },
    });
    informer.start();
    await informer.waitForSync();
    await eventually(() => expect(proxy.openWatches).toBe(1));
    await put("a", "throw");
    const last = await put("b", "reject");
    await eventually(() => expect(heard).toHaveLength(2));
    expect(logged.filter(({ msg }) => msg === "the handler of a change failed")).toHaveLength(2);

    proxy.endWatches();
    await eventually(() => expect(proxy.seen.watch).toHaveLength(2));
    expect(proxy.seen.watch[1]?.searchParams.get("resourceVersion")).toBe(last.metadata.resourceVersion);
    expect(informer.stats()).toMatchObject({ lists: 1, watchFailures: 0 });
  });

  it("stop() during a list opens no watch", async () => {
    const { informer, proxy } = await informerHarness();
    const release = proxy.holdLists();
    informer.start();
    await eventually(() => expect(proxy.held).toBe(1));
    await informer.stop();
    release();
    await eventually(() => expect(proxy.held).toBe(0));
    expect(proxy.seen.watch).toEqual([]);
    expect(informer.synced).toBe(false);
  });

  it("stop() during a delay opens no watch and leaves no timer", async () => {
    const { informer, proxy } = await informerHarness({ backoff: { initialMs: 600_000, maxMs: 600_000 } });
    proxy.fail({ on: "list", status: 500 });
    informer.start();
    await eventually(() => expect(informer.stats().listFailures).toBe(1));
    await informer.stop();
    expect(proxy.seen).toMatchObject({ list: [expect.anything()], watch: [] });
  });

  it("nothing revives a stopped one", async () => {
    const { informer, proxy, put, told, logged } = await informerHarness();
    informer.start();
    await eventually(() => expect(proxy.openWatches).toBe(1));
    await informer.stop();
    await eventually(() => expect(proxy.openWatches).toBe(0));
    informer.start();
    await put("a", "1");
    await informer.stop();
    expect(proxy.seen.list).toHaveLength(1);
    expect(told).toEqual([]);
    expect(logged).toEqual([]);
  });
});

describe("a lifetime", () => {
  it("the first list tells of every object, in pages, before it is synced", async () => {
    const { informer, proxy, put, told } = await informerHarness({ pageSize: 2 });
    for (const name of ["a", "b", "c", "d", "e"]) await put(name, "1");
    informer.start();
    await informer.waitForSync();
    expect(told).toEqual(["+a=1", "+b=1", "+c=1", "+d=1", "+e=1"]);
    expect(proxy.seen.list).toHaveLength(3);
    expect(informer.stats().lists).toBe(1);
  });

  it("changes are told in order, and the cache has them first", async () => {
    const { informer, namespace, put, remove, told } = await informerHarness();
    informer.start();
    await informer.waitForSync();
    await put("a", "1");
    await put("a", "2");
    await remove("a");
    await put("b", "né 🎈");
    await eventually(() => expect(told).toEqual(["+a=1", "a=1>2", "-a=2", "+b=né 🎈"]));
    expect(informer.get(`${namespace}/a`)).toBeUndefined();
    expect(informer.list().map(({ metadata }) => metadata.name)).toEqual(["b"]);
  });

  it("cached objects cannot be changed and carry no managed fields", async () => {
    const { informer, namespace, put } = await informerHarness();
    await put("a", "1");
    informer.start();
    await informer.waitForSync();
    const object = informer.get(`${namespace}/a`);
    expect(() => Object.assign(object?.data ?? {}, { value: "2" })).toThrow(TypeError);
    expect(object?.metadata).not.toHaveProperty("managedFields");
  });

  it("waiting for the first list ends with a signal, and with stop()", async () => {
    const { informer, proxy } = await informerHarness();
    proxy.holdLists();
    informer.start();
    await expect(informer.waitForSync(AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
    const refused = expect(informer.waitForSync()).rejects.toThrow("was stopped before its first list");
    await informer.stop();
    await refused;
  });

  it("stop() in the middle of a list's changes tells no more of them", async () => {
    const told: string[] = [];
    const { informer, put } = await informerHarness({
      onChange: (key) => {
        told.push(key);
        void informer.stop();
      },
    });
    await put("a", "1");
    await put("b", "1");
    informer.start();
    await expect(informer.waitForSync()).rejects.toThrow("was stopped");
    await informer.stop();
    expect(told).toHaveLength(1);
  });

  it("tells how long ago it last heard of the API server", async () => {
    const { informer } = await informerHarness();
    expect(informer.stats().contactAgeMs).toBeUndefined();
    informer.start();
    await informer.waitForSync();
    expect(informer.stats().contactAgeMs).toBeGreaterThanOrEqual(0);
  });
});
