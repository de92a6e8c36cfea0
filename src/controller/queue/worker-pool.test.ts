import { describe, expect, it } from "vitest";
import { FakeClock } from "./fake-clock.ts";
import { WorkQueue } from "./queue.ts";
import { WorkerPool } from "./worker-pool.ts";

/** Lets everything run that is ready to. */
const settle = () => new Promise(setImmediate);

/** A pool whose keys are worked on until they are ended by hand. */
function rig(workers: number) {
  const clock = new FakeClock();
  const queue = new WorkQueue({ clock });
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const pool = new WorkerPool({
    queue,
    workers,
    work(key) {
      const end = Promise.withResolvers<void>();
      ends.set(key, end);
      return end.promise;
    },
  });
  pool.start();
  return { clock, queue, pool, ends };
}

describe("WorkerPool", () => {
  it("works on as many keys at once as it has workers, and tells for how long", async () => {
    const { clock, queue, pool, ends } = rig(2);
    for (const key of ["a", "b", "c"]) queue.add(key);
    await settle();
    clock.step(1_000);
    expect(pool.state()).toEqual({
      workers: 2,
      alive: 2,
      running: [
        { key: "a", runningMs: 1_000 },
        { key: "b", runningMs: 1_000 },
      ],
      ignoredMs: 0,
    });
    ends.get("a")?.resolve();
    await settle();
    clock.step(500);
    expect(pool.state().running).toEqual([
      { key: "b", runningMs: 1_500 },
      { key: "c", runningMs: 500 },
    ]);
  });

  it("takes what waits for a long time for no fault while no worker is free", async () => {
    const { clock, queue, pool, ends } = rig(1);
    for (const key of ["a", "b", "c"]) queue.add(key);
    await settle();
    clock.step(3_600_000);
    expect(queue.untakenMs).toBe(3_600_000);
    expect(pool.state().ignoredMs).toBe(0);
    ends.get("a")?.resolve();
    await settle();
    expect(queue.untakenMs).toBe(0);
    clock.step(1_000);
    expect(queue.untakenMs).toBe(1_000);
    ends.get("b")?.resolve();
    await settle();
    clock.step(1_000);
    expect(queue.untakenMs).toBe(0);
  });

  it("tells how long keys wait that no worker takes although one should be free", async () => {
    const { clock, queue, pool, ends } = rig(1);
    queue.add("a");
    await settle();
    const ended = expect(pool.ended()).rejects.toThrow("defect");
    ends.get("a")?.reject(new Error("defect"));
    await ended;
    clock.step(5_000);
    queue.add("b");
    clock.step(1_000);
    queue.add("c");
    expect(pool.state()).toMatchObject({ workers: 1, alive: 0, ignoredMs: 1_000 });
  });

  it("finds no fault with keys that wait for its start", async () => {
    const clock = new FakeClock();
    const queue = new WorkQueue({ clock });
    const pool = new WorkerPool({ queue, workers: 1, work: async () => undefined });
    queue.add("a");
    clock.step(1_000);
    expect(pool.state()).toMatchObject({ workers: 0, alive: 0, ignoredMs: 0 });
    pool.start();
    await settle();
    expect(pool.state()).toMatchObject({ workers: 1, alive: 1, ignoredMs: 0 });
    expect(queue.size).toBe(0);
  });

  it("has a worker less where its work rejects, which is a defect, and the key is done all the same", async () => {
    const { queue, pool, ends } = rig(2);
    queue.add("a");
    await settle();
    const ended = pool.ended();
    ends.get("a")?.reject(new Error("defect"));
    await expect(ended).rejects.toThrow("defect");
    expect(pool.state()).toMatchObject({ workers: 2, alive: 1, running: [] });
  });

  it("ends with its queue", async () => {
    const { queue, pool, ends } = rig(2);
    queue.add("a");
    await settle();
    queue.shutDown();
    ends.get("a")?.resolve();
    await pool.ended();
    expect(pool.state().alive).toBe(0);
  });
});
