import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyFifo } from "./key-fifo.ts";

const keys = fc.constantFrom("a", "b", "c", "d");
const operations = fc.array(
  fc.record({ operation: fc.constantFrom("push" as const, "delete" as const), key: keys }),
);

describe("KeyFifo", () => {
  it("keeps the order of arrival, each key once, through any pushes and deletes", () => {
    fc.assert(
      fc.property(operations, (list) => {
        const fifo = new KeyFifo<string>();
        let model: string[] = [];
        for (const step of list) {
          if (step.operation === "push") {
            fifo.push(step.key);
            if (!model.includes(step.key)) model.push(step.key);
          } else {
            expect(fifo.delete(step.key)).toBe(model.includes(step.key));
            model = model.filter((key) => key !== step.key);
          }
          expect(fifo.size).toBe(model.length);
          expect(fifo.first).toBe(model[0]);
        }
        for (const key of model) {
          expect(fifo.first).toBe(key);
          fifo.delete(key);
        }
        expect(fifo.first).toBeUndefined();
      }),
    );
  });
});
