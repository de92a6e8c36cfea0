import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forEachAhead } from "./for-each-ahead.ts";

async function* pagesOf(sizes: readonly number[], onPage: (at: number) => void = () => undefined) {
  let item = 0;
  for (const [at, size] of sizes.entries()) {
    onPage(at);
    await turn();
    yield Array.from({ length: size }, () => item++);
  }
}

const bounds = (concurrency: number, ahead: number) => ({
  concurrency: () => concurrency,
  ahead: () => ahead,
});

describe("forEachAhead", () => {
  it("runs every item once, never more at once than it may", async () => {
    const shapes = fc.tuple(
      fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 10 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(shapes, async ([sizes, concurrency, ahead, every]) => {
        const seen: number[] = [];
        let running = 0;
        let most = 0;
        const later = async (item: number) => {
          most = Math.max(most, ++running);
          await turn();
          seen.push(item);
          running -= 1;
        };
        await forEachAhead(pagesOf(sizes), bounds(concurrency, ahead), (item) => {
          if (item % every === 0) return later(item);
          seen.push(item);
          return undefined;
        });
        const total = sizes.reduce((sum, size) => sum + size, 0);
        expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, at) => at));
        expect(most).toBeLessThanOrEqual(concurrency);
      }),
      { numRuns: 50 },
    );
  });

  it("reads pages while tasks run, and no further than it may", async () => {
    const gate = Promise.withResolvers<void>();
    let read = 0;
    const all = forEachAhead(
      pagesOf([10, 10, 10, 10, 10], () => read++),
      bounds(2, 15),
      () => gate.promise,
    );
    for (let at = 0; at < 20; at++) await turn();
    // 8 of the first page wait, then 18: that is enough.
    expect(read).toBe(2);
    gate.resolve();
    await all;
    expect(read).toBe(5);
  });

  it("works off what came before a page that failed, then tells", async () => {
    const seen: number[] = [];
    async function* broken() {
      yield [1, 2, 3];
      throw new Error("page 2");
    }
    const all = forEachAhead(broken(), bounds(1, 100), async (item) => {
      await turn();
      seen.push(item);
    });
    await expect(all).rejects.toThrow("page 2");
    expect(seen).toEqual([1, 2, 3]);
  });

  it("lets no task's failure end the others", async () => {
    const seen: number[] = [];
    const all = forEachAhead(pagesOf([3]), bounds(1, 1), async (item) => {
      seen.push(item);
      if (item === 0) throw new Error("task 0");
    });
    await expect(all).rejects.toThrow("task 0");
    expect(seen).toEqual([0, 1, 2]);
  });

  it("takes what a task throws at once for a failure too", async () => {
    const seen: number[] = [];
    const all = forEachAhead(pagesOf([2, 1]), bounds(1, 1), (item) => {
      seen.push(item);
      if (item === 0) throw new Error("task 0");
      return undefined;
    });
    await expect(all).rejects.toThrow("task 0");
    expect(seen).toEqual([0, 1, 2]);
  });
});
