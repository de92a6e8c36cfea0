import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { eventually, ownControlPlane } from "../support/cluster.ts";
import { healthRig } from "../support/health-harness.ts";

const FOR_EVER_MS = 3_600_000;
const never = () => new Promise<never>(() => undefined);
const job = (timeoutMs: number) => ({
  id: "1",
  trigger: "Initial" as const,
  generation: 1,
  requestedAt: undefined,
  dueAt: 0,
  quietMs: 0,
  timeoutMs,
});

/** Expects `/livez` to be green until the API server has not been heard of for that long: more than an informer may be silent. */
async function liveWhileUnheard(
  get: (path: string) => Promise<{ status: number; body: string }>,
  seconds: number,
): Promise<void> {
  for (let unheard = 0; unheard < seconds; ) {
    expect(await get("/livez")).toEqual({ status: 200, body: "ok\n" });
    const { body } = await get("/readyz/api-server");
    unheard = Number(/nothing was heard of .+ for (\d+)s/.exec(body)?.[1]);
    expect(unheard, body).toBeGreaterThan(0);
    await sleep(20);
  }
}

describe("/livez is red where a restart helps", () => {
  it("a reconcile that never returns", async () => {
    const { get, until, scan, namespace, ledger, logged } = await healthRig({
      bounds: { reconcileMs: 300 },
      reconcile: (key) => (key.endsWith("/stuck") ? never() : Promise.resolve(undefined)),
    });
    await until("/readyz", 200);
    await scan("stuck");
    const other = await scan("other");
    expect(await until("/livez", 503)).toMatch(
      new RegExp(`^\\[-]reconciles failed: reconcile of ${namespace}/stuck has run for \\d+s$`, "m"),
    );
    // What its worker does not do, the others do.
    await eventually(() => expect(ledger.get(other)).toBeDefined());
    expect(await get("/livez?exclude=reconciles")).toMatchObject({ status: 200 });
    expect(await get("/readyz/reconciles")).toMatchObject({ status: 503 });
    const told = logged.filter(({ check }) => check === "reconciles");
    expect(told).toMatchObject([{ msg: "health check fails", reason: expect.stringContaining("/stuck") }]);
  });

  it("a scan that runs on past its timeout, cancelled or not", async () => {
    const { until, get, runner } = await healthRig({ bounds: { scanGraceMs: 300 } });
    runner.submit("team/slow", job(FOR_EVER_MS), never, "normal");
    await eventually(() => expect(runner.timeoutMs("team/slow")).toBe(FOR_EVER_MS));
    expect(await get("/livez")).toMatchObject({ status: 200 });
    runner.submit("team/wedged", job(100), never, "normal");
    expect(await until("/livez", 503)).toMatch(/^\[-]scans failed: scan of team\/wedged has run for /m);
    runner.cancel("team/wedged");
    expect((await get("/livez/scans")).body).toContain("team/wedged");
  });

  it("an export that never returns", async () => {
    const { until, scan, reportExport, ledger } = await healthRig({
      bounds: { exportMs: 300 },
      exportClient: (client) => Object.assign(Object.create(client), { list: never }),
    });
    const key = await scan("exported");
    await eventually(() => expect(ledger.get(key)).toBeDefined());
    reportExport.request(key);
    expect(await until("/livez", 503)).toContain(`[-]exports failed: export of ${key} has run for `);
  });

  it("workers that have ended", async () => {
    const { until, get, queue, stop } = await healthRig();
    await until("/readyz", 200);
    queue.shutDown();
    expect(await until("/livez", 503)).toContain("[-]reconciles failed: 2 of 2 workers have ended\n");
    stop();
    expect(await get("/livez")).toEqual({ status: 200, body: "ok\n" });
  });

  it("an informer that has ended", async () => {
    const { until, get, informer, namespace } = await healthRig();
    await until("/readyz", 200);
    await informer.stop();
    expect(await until("/livez", 503)).toContain(
      `[-]informer failed: the informer of awsaccountscans in namespace ${namespace} does not run\n`,
    );
    expect((await get("/livez/reconciles")).status).toBe(200);
  });

  it("an informer that does nothing any more, until it does", async () => {
    const { until, proxy, namespace } = await healthRig({
      bounds: { informerSilenceMs: 500 },
      // What else keeps it from waiting for a dead connection for ever.
      idleTimeoutMs: FOR_EVER_MS,
    });
    await eventually(() => expect(proxy.openWatches).toBe(1));
    proxy.silenceWatches();
    expect(await until("/livez", 503)).toContain(
      `[-]informer failed: the informer of awsaccountscans in namespace ${namespace} has attempted nothing for `,
    );
    proxy.cutWatches();
    await until("/livez", 200);
  });
});

describe("/readyz is red", () => {
  it("until the record of every scan has been looked for, and not for those that come later", async () => {
    const gate = Promise.withResolvers<undefined>();
    const { get, until, scan, proxy } = await healthRig({
      reconcile: (key) => (key.endsWith("/late") ? never() : gate.promise),
    });
    await eventually(() => expect(proxy.openWatches).toBe(1));
    // Nobody has asked yet whether all are restored: it is judged by what there is then.
    const first = await scan("first");
    const second = await scan("second");
    await eventually(async () =>
      expect((await get("/readyz")).body).toMatch(
        new RegExp(`\\[-]scans-restored failed: the record of (${first}|${second}) and 1 more has not been`),
      ),
    );
    expect((await get("/livez")).status).toBe(200);
    gate.resolve(undefined);
    await until("/readyz", 200);
    await scan("late");
    expect((await get("/readyz")).status).toBe(200);
  });

  it("while the API server answers nothing, for longer than it may; /livez is not", async () => {
    const { get, until, proxy, logged, scan, ledger } = await healthRig({
      bounds: { unheardMs: 1_500, informerSilenceMs: 2_000, reconcileMs: 2_000 },
    });
    await scan("before");
    await until("/readyz", 200);
    const release = proxy.hang();
    expect(await until("/readyz", 503)).toMatch(
      /^\[-]api-server failed: nothing was heard of awsaccountscans in .+ for \d+s: the cache is stale/m,
    );
    await liveWhileUnheard(get, 5);
    release();
    await until("/readyz", 200);
    const key = await scan("after");
    await eventually(() => expect(ledger.get(key)).toBeDefined());
    const told = logged.filter(({ check }) => check === "api-server").map(({ msg }) => msg);
    expect(told).toEqual(["health check fails", "health check passes"]);
  });

  it("while the API server refuses to tell of scans, and says with which words; /livez is not", async () => {
    const { until, get, proxy } = await healthRig({
      bounds: { unheardMs: 500, informerSilenceMs: FOR_EVER_MS },
    });
    await until("/readyz", 200);
    const body = JSON.stringify({ code: 403, reason: "Forbidden", message: "scans are not for you" });
    for (const on of ["list", "watch"] as const) proxy.fail({ on, status: 403, body, times: 10_000 });
    proxy.cutWatches();
    await until("/readyz", 503);
    // At first it may be red for the watch that was cut.
    await eventually(async () =>
      expect((await get("/readyz")).body).toMatch(
        /^\[-]api-server failed: nothing was heard of awsaccountscans in .+: the cache is stale; it last failed with: (list|watch) awsaccountscans .+: 403 Forbidden: scans are not for you$/m,
      ),
    );
    expect(await get("/livez")).toEqual({ status: 200, body: "ok\n" });
  });

  it("once it is told to end; /livez is not", async () => {
    const { get, until, stop } = await healthRig();
    await until("/readyz", 200);
    stop();
    expect(await get("/readyz")).toMatchObject({
      status: 503,
      body: expect.stringContaining("[-]shutting-down failed: "),
    });
    expect(await get("/livez")).toEqual({ status: 200, body: "ok\n" });
  });
});

describe("all is green", () => {
  it("while a queue is far longer than a key may be worked on, as long as it moves", async () => {
    const { get, until, queue } = await healthRig({
      bounds: { reconcileMs: 400, ignoredMs: 400 },
      reconcile: () => sleep(10),
    });
    await until("/readyz", 200);
    for (let n = 0; n < 500; n += 1) queue.add(`team/scan-${n}`);
    while (queue.size > 0) {
      expect(await get("/readyz")).toEqual({ status: 200, body: "ok\n" });
      await sleep(20);
    }
  });

  it("while reconciles fail without end", async () => {
    const { get, until, queue, scan } = await healthRig({
      bounds: { reconcileMs: 400, ignoredMs: 400 },
      reconcile: () => Promise.reject(new Error("refused")),
    });
    const key = await scan("refused");
    await eventually(() => expect(queue.numRequeues(key)).toBeGreaterThan(10));
    expect(await get("/livez")).toEqual({ status: 200, body: "ok\n" });
    expect(await until("/readyz", 503)).toContain("[-]scans-restored failed");
  });
});

describe("an API server that goes away", () => {
  const controlPlane = ownControlPlane();

  it("makes /readyz red and leaves /livez green, until it is back", async () => {
    const { get, until } = await healthRig({
      cluster: controlPlane(),
      bounds: { unheardMs: 1_500, informerSilenceMs: 2_000 },
    });
    await until("/readyz", 200);
    await controlPlane().stopApiServer("SIGKILL");
    expect(await until("/readyz", 503)).toContain("[-]api-server failed: ");
    await liveWhileUnheard(get, 5);
    await controlPlane().startApiServer();
    await until("/readyz", 200);
  });
});
