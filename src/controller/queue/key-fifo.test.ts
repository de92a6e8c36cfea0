import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyFifo } from "./key-fifo.ts";

const keys = fc.constantFrom("a", "b", "c", "d");
const operations = fc.array(
  fc.oneof(
    fc.record({ operation: fc.constantFrom("push" as const, "delete" as const), key: keys }),
    fc.constant({ operation: "shift" as const }),
  ),
);

describe("KeyFifo", () => {
  it("keeps the order of arrival, each key once, through any pushes, deletes and shifts", () => {
    fc.assert(
      fc.property(operations, (list) => {
        const fifo = new KeyFifo();
        let model: string[] = [];
        for (const step of list) {
          if (step.operation === "shift") {
            expect(fifo.shift()).toBe(model.shift());
          } else if (step.operation === "push") {
            fifo.push(step.key);
            if (!model.includes(step.key)) model.push(step.key);
          } else {
            expect(fifo.delete(step.key)).toBe(model.includes(step.key));
            model = model.filter((key) => key !== step.key);
          }
          expect(fifo.size).toBe(model.length);
        }
        expect(Array.from(model, () => fifo.shift())).toEqual(model);
        expect(fifo.shift()).toBeUndefined();
      }),
    );
  });
});
