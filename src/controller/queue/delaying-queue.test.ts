import { describe, expect, it } from "vitest";
import { MAX_TIMER_MS } from "./clock.ts";
import { DelayingQueue } from "./delaying-queue.ts";
import { FakeClock } from "./fake-clock.ts";

function start(): { clock: FakeClock; queue: DelayingQueue } {
  const clock = new FakeClock();
  return { clock, queue: new DelayingQueue({ clock }) };
}

describe("DelayingQueue", () => {
  it("adds a key when its time has come, and not before", async () => {
    const { clock, queue } = start();
    queue.addAfter("a", 50);
    clock.step(49);
    expect(queue.size).toBe(0);
    clock.step(1);
    expect(await queue.get()).toBe("a");
    expect(clock.timers).toBe(0);
  });

  it.each([0, -1])("adds at once after %d ms, without a timer", (delayMs) => {
    const { clock, queue } = start();
    queue.addAfter("a", delayMs);
    expect(queue.size).toBe(1);
    expect(clock.timers).toBe(0);
  });

  it.each([
    ["earlier then later", 10, 30],
    ["later then earlier", 30, 10],
  ])("takes the earlier of two times of a key: %s", (_, firstMs, secondMs) => {
    const { clock, queue } = start();
    queue.addAfter("a", firstMs);
    queue.addAfter("a", secondMs);
    clock.step(10);
    expect(queue.size).toBe(1);
    expect(clock.timers).toBe(0);
  });

  it("takes the higher of two priorities of a key, whichever came first", async () => {
    const { clock, queue } = start();
    queue.addAfter("a", 10);
    queue.addAfter("b", 10, { priority: "high" });
    queue.addAfter("b", 5);
    queue.addAfter("c", 5);
    queue.addAfter("c", 10, { priority: "high" });
    clock.step(10);
    expect([await queue.get(), await queue.get(), await queue.get()]).toEqual(["b", "c", "a"]);
  });

  it("has one timer for any number of keys, and wakes up once for those of one time", () => {
    const { clock, queue } = start();
    for (let i = 0; i < 1_000; i++) queue.addAfter(`k${i}`, 1_000 - (i % 10));
    expect(clock.timers).toBe(1);
    clock.step(1_000);
    expect(queue.size).toBe(1_000);
    expect(clock.fired).toBe(10);
  });

  it("reaches times that are further away than a timer can be", () => {
    const { clock, queue } = start();
    queue.addAfter("a", 3 * MAX_TIMER_MS);
    clock.step(3 * MAX_TIMER_MS - 1);
    expect(queue.size).toBe(0);
    clock.step(1);
    expect(queue.size).toBe(1);
    expect(clock.fired).toBe(3);
  });

  it("adds a key again that was delayed when it was added", async () => {
    const { clock, queue } = start();
    queue.addAfter("a", 10);
    queue.add("a");
    expect(await queue.get()).toBe("a");
    queue.done("a");
    clock.step(10);
    expect(await queue.get()).toBe("a");
  });

  it.each(["shutDown", "shutDownWithDrain"] as const)("drops what is delayed at %s", async (shutDown) => {
    const { clock, queue } = start();
    queue.addAfter("a", 10);
    await queue[shutDown]();
    expect(clock.timers).toBe(0);
    queue.addAfter("b", 10);
    expect(clock.timers).toBe(0);
    expect(await queue.get()).toBeUndefined();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses a delay of %d", (delayMs) => {
    expect(() => start().queue.addAfter("a", delayMs)).toThrow(
      `addAfter("a"): expected a finite number of milliseconds, got ${delayMs}`,
    );
  });

  it("wakes a worker by the machine's own clock", async () => {
    const queue = new DelayingQueue();
    queue.addAfter("b", 2);
    queue.addAfter("a", 0.5);
    expect([await queue.get(), await queue.get()]).toEqual(["a", "b"]);
  });
});
