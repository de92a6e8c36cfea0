import { describe, expect, it } from "vitest";
import { FakeClock } from "./fake-clock.ts";
import type { QueueMetrics, QueueState } from "./metrics.ts";
import { WorkQueue } from "./queue.ts";

/** Whether a promise is settled once everything that was ready to run has run. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await Promise.resolve();
  return done;
}

function queueOf(...keys: readonly string[]): WorkQueue {
  const queue = new WorkQueue();
  for (const key of keys) queue.add(key);
  return queue;
}

describe("WorkQueue", () => {
  it("makes one run of many adds", async () => {
    const queue = queueOf("a", "b", "a", "a");
    expect(queue.size).toBe(2);
    expect([await queue.get(), await queue.get()]).toEqual(["a", "b"]);
    expect(await settled(queue.get())).toBe(false);
  });

  it("hands a key to the worker that has waited longest", async () => {
    const queue = new WorkQueue();
    const first = queue.get();
    const second = queue.get();
    queue.add("a");
    expect(await first).toBe("a");
    expect(await settled(second)).toBe(false);
    queue.add("b");
    expect(await second).toBe("b");
  });

  it("runs a key once more that was added while it was worked on, and not before it is done", async () => {
    const queue = queueOf("a");
    expect(await queue.get()).toBe("a");
    const next = queue.get();
    queue.add("a");
    queue.add("a");
    expect(await settled(next)).toBe(false);
    expect(queue.size).toBe(0);
    queue.done("a");
    expect(await next).toBe("a");
    queue.done("a");
    expect(await settled(queue.get())).toBe(false);
  });

  it("remembers the priority of an add while the key was worked on", async () => {
    const queue = queueOf("a", "b");
    await queue.get();
    queue.add("a", { priority: "high" });
    queue.add("a");
    queue.done("a");
    expect([await queue.get(), await queue.get()]).toEqual(["a", "b"]);
  });

  it("forgets the priority once the key has been taken", async () => {
    const queue = new WorkQueue();
    queue.add("a", { priority: "high" });
    await queue.get();
    queue.add("b");
    queue.add("a");
    queue.done("a");
    expect([await queue.get(), await queue.get()]).toEqual(["b", "a"]);
  });

  it.each([
    ["that was never taken", (queue: WorkQueue) => queue.add("a")],
    ["that is unknown", () => undefined],
  ])("refuses done of a key %s", (_, prepare) => {
    const queue = new WorkQueue();
    prepare(queue);
    expect(() => queue.done("a")).toThrow('done("a"): nobody works on this key; call done once for each get');
  });

  it("hands out what waits after shutDown, ignores adds, then answers undefined", async () => {
    const queue = queueOf("a", "b");
    queue.shutDown();
    expect(queue.shuttingDown).toBe(true);
    queue.add("c");
    expect([await queue.get(), await queue.get(), await queue.get()]).toEqual(["a", "b", undefined]);
  });

  it("runs a key once more after shutDown that was added again before it", async () => {
    const queue = queueOf("a");
    await queue.get();
    queue.add("a");
    queue.shutDown();
    queue.add("a");
    queue.done("a");
    expect(await queue.get()).toBe("a");
    queue.done("a");
    expect(await queue.get()).toBeUndefined();
  });

  it("tells every waiting worker of the shutdown", async () => {
    const queue = new WorkQueue();
    const workers = [queue.get(), queue.get()];
    queue.shutDown();
    expect(await Promise.all(workers)).toEqual([undefined, undefined]);
  });

  it("has drained when everything added has been done", async () => {
    const queue = queueOf("a", "b");
    await queue.get();
    const drained = queue.shutDownWithDrain();
    queue.done("a");
    expect(await settled(drained)).toBe(false);
    expect(await queue.get()).toBe("b");
    expect(await settled(drained)).toBe(false);
    queue.done("b");
    await drained;
    await queue.shutDownWithDrain();
  });

  it("stops waiting for the drain when it is shut down without", async () => {
    const queue = queueOf("a");
    const drained = queue.shutDownWithDrain();
    queue.shutDown();
    await drained;
    expect(await settled(queue.shutDownWithDrain())).toBe(false);
  });

  it("tells its metrics how long keys wait and are worked on", async () => {
    const clock = new FakeClock();
    const told: string[] = [];
    let state = (): QueueState => ({ depth: 0, unfinishedWorkMs: 0, longestRunningProcessorMs: 0 });
    const metrics: QueueMetrics = {
      watch: (read) => {
        state = read;
      },
      added: () => told.push("added"),
      taken: (ms) => told.push(`taken after ${ms}`),
      finished: (ms) => told.push(`finished after ${ms}`),
      retried: () => told.push("retried"),
    };
    const queue = new WorkQueue({ clock, metrics });
    queue.add("a");
    clock.step(5);
    queue.add("a", { priority: "high" });
    queue.add("b");
    expect(state()).toEqual({ depth: 2, unfinishedWorkMs: 0, longestRunningProcessorMs: 0 });
    await queue.get();
    clock.step(10);
    await queue.get();
    clock.step(1);
    queue.add("a");
    expect(state()).toEqual({ depth: 1, unfinishedWorkMs: 12, longestRunningProcessorMs: 11 });
    queue.done("b");
    expect(told).toEqual(["added", "added", "taken after 5", "taken after 10", "added", "finished after 1"]);
  });

  describe("with slots", () => {
    const slotted = (shared: number, spare: number, ...keys: readonly string[]) => {
      const clock = new FakeClock();
      const queue = new WorkQueue({ clock, slots: { shared, spare } });
      for (const key of keys) queue.add(key);
      const taken: (string | undefined)[] = [];
      for (let worker = 0; worker < 10; worker++) void queue.get().then((key) => taken.push(key));
      return { clock, queue, taken };
    };
    const settle = () => new Promise(setImmediate);

    it("gives a namespace all the shared ones and no spare one beyond its first", async () => {
      const { queue, taken } = slotted(2, 1, "a/1", "a/2", "a/3", "a/4");
      await settle();
      expect(taken).toEqual(["a/1", "a/2"]);
      queue.add("b/1");
      queue.add("b/2");
      await settle();
      expect(taken).toEqual(["a/1", "a/2", "b/1"]);
      queue.add("c/1");
      await settle();
      expect(taken).toHaveLength(3);
      queue.done("b/1");
      await settle();
      expect(taken).toEqual(["a/1", "a/2", "b/1", "c/1"]);
    });

    it("tells of no key that waits for a slot that it could be taken, and of one for which there is a slot", async () => {
      const { clock, queue, taken } = slotted(1, 1, "a/1", "a/2");
      const idle = new WorkQueue({ clock, slots: { shared: 1, spare: 1 } });
      for (const key of ["a/1", "a/2"]) idle.add(key);
      await idle.get();
      clock.step(1_000);
      expect([queue.untakenMs, idle.untakenMs]).toEqual([0, 0]);
      idle.add("b/1");
      clock.step(500);
      expect(idle.untakenMs).toBe(500);
      idle.done("a/1");
      clock.step(500);
      expect(idle.untakenMs).toBe(1_000);
      await settle();
      expect(taken).toEqual(["a/1"]);
    });

    it("hands out after shutDown what waits for a slot, before it answers undefined", async () => {
      const { queue, taken } = slotted(1, 0, "a/1", "a/2");
      queue.shutDown();
      await settle();
      expect(taken).toEqual(["a/1"]);
      queue.done("a/1");
      await settle();
      expect(taken).toEqual(["a/1", "a/2", ...Array.from({ length: 8 }, () => undefined)]);
    });
  });
});
