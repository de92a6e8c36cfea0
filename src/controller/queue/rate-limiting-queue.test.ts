import { expect, it } from "vitest";
import { FakeClock } from "./fake-clock.ts";
import { ItemExponentialFailureRateLimiter } from "./rate-limiters.ts";
import { RateLimitingQueue } from "./rate-limiting-queue.ts";

function start(): { clock: FakeClock; queue: RateLimitingQueue } {
  const clock = new FakeClock();
  const limiter = new ItemExponentialFailureRateLimiter({ baseMs: 10, maxMs: 1_000 });
  return { clock, queue: new RateLimitingQueue(limiter, { clock }) };
}

it("brings a failed key back after its delay, the second time after twice as long", async () => {
  const { clock, queue } = start();
  for (const delayMs of [10, 20]) {
    queue.addRateLimited("a");
    clock.step(delayMs - 1);
    expect(queue.size).toBe(0);
    clock.step(1);
    expect(await queue.get()).toBe("a");
    queue.done("a");
  }
  expect(queue.numRequeues("a")).toBe(2);
});

it("counts from the beginning once a key is forgotten", () => {
  const { clock, queue } = start();
  queue.addRateLimited("a");
  queue.forget("a");
  expect(queue.numRequeues("a")).toBe(0);
  clock.step(10);
  expect(queue.size).toBe(1);
});

it("passes the priority on", async () => {
  const { clock, queue } = start();
  queue.addRateLimited("a");
  queue.addRateLimited("b", { priority: "high" });
  clock.step(10);
  expect([await queue.get(), await queue.get()]).toEqual(["b", "a"]);
});
