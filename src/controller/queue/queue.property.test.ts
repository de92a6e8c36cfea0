import fc from "fast-check";
import { expect, it } from "vitest";
import { DelayingQueue } from "./delaying-queue.ts";
import { FakeClock } from "./fake-clock.ts";

/** What producers do, between which the workers get on. */
const productions = fc.array(
  fc.record({
    key: fc.constantFrom("a", "b", "c", "d", "e"),
    priority: fc.constantFrom("high" as const, "normal" as const),
    delayMs: fc.integer({ min: 0, max: 5 }),
  }),
  { minLength: 1, maxLength: 60 },
);

it("works on no key twice at once, and on each after its last add, with any workers at any pace", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      productions,
      fc.integer({ min: 1, max: 4 }),
      async (scheduler, productions, workers) => {
        const clock = new FakeClock();
        const queue = new DelayingQueue({ clock });
        const held = new Set<string>();
        let moment = 0;
        const lastAsked = new Map<string, number>();
        const lastBegun = new Map<string, number>();

        const work = async () => {
          for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
            expect(held).not.toContain(key);
            held.add(key);
            lastBegun.set(key, moment++);
            await scheduler.schedule(Promise.resolve(), `work on ${key}`);
            held.delete(key);
            queue.done(key);
          }
        };
        const produce = async () => {
          for (const { key, priority, delayMs } of productions) {
            await scheduler.schedule(Promise.resolve(), `add ${key}`);
            queue.addAfter(key, delayMs, { priority });
            lastAsked.set(key, moment++);
            clock.step(1);
          }
          clock.step(5);
          await queue.shutDownWithDrain();
        };

        const everything = Promise.all([produce(), ...Array.from({ length: workers }, work)]);
        await scheduler.waitFor(everything);
        for (const [key, asked] of lastAsked) expect(lastBegun.get(key) ?? -1).toBeGreaterThanOrEqual(asked);
        expect(held.size).toBe(0);
        expect(clock.timers).toBe(0);
      },
    ),
  );
});
