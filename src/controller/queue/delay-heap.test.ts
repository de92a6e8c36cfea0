import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Delayed, DelayHeap } from "./delay-heap.ts";

const delayed: fc.Arbitrary<Delayed> = fc.record({
  key: fc.integer({ min: 0, max: 15 }).map(String),
  atMs: fc.integer({ min: 0, max: 20 }),
  priority: fc.constantFrom("high", "normal"),
});
const operations = fc.array(fc.oneof({ arbitrary: delayed, weight: 3 }, fc.integer({ min: 0, max: 20 })), {
  maxLength: 100,
  size: "max",
});

/** The same by sorting a list, which is stable: keys of one time stay in the order in which they were put there. */
class SortedDelays {
  #list: Delayed[] = [];

  add(delay: Delayed): void {
    const known = this.#list.find(({ key }) => key === delay.key);
    const priority = known?.priority === "high" ? "high" : delay.priority;
    if (known !== undefined && known.atMs <= delay.atMs) {
      this.#list = this.#list.map((entry) => (entry === known ? { ...known, priority } : entry));
      return;
    }
    this.#list = [...this.#list.filter((entry) => entry !== known), { ...delay, priority }];
    this.#list.sort((a, b) => a.atMs - b.atMs);
  }

  takeDue(nowMs: number): Delayed | undefined {
    return (this.#list[0]?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs ? this.#list.shift() : undefined;
  }
}

describe("DelayHeap", () => {
  it("gives the same as a sorted list: the earliest first, each key once, at its earliest time", () => {
    fc.assert(
      fc.property(operations, (list) => {
        const heap = new DelayHeap();
        const model = new SortedDelays();
        for (const step of [...list, ...Array.from({ length: 40 }, () => 20)]) {
          if (typeof step === "number") {
            const expected = model.takeDue(step);
            const taken = heap.takeDue(step);
            if (expected === undefined) expect(taken).toBeUndefined();
            else expect(taken).toMatchObject(expected);
          } else {
            heap.add(step);
            model.add(step);
          }
        }
        expect(heap.nextMs).toBeUndefined();
      }),
    );
  });

  it("is empty after clear, and takes keys again", () => {
    const heap = new DelayHeap();
    heap.add({ key: "a", atMs: 1, priority: "normal" });
    heap.clear();
    expect(heap.nextMs).toBeUndefined();
    heap.add({ key: "a", atMs: 5, priority: "normal" });
    expect(heap.nextMs).toBe(5);
  });
});
