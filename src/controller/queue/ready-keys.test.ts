import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_PASSED_OVER, type Priority, ReadyKeys } from "./ready-keys.ts";

function takeAll(ready: ReadyKeys): string[] {
  return Array.from({ length: ready.size }, () => ready.take() ?? "nothing");
}

function filled(...keys: readonly (readonly [string, Priority])[]): ReadyKeys {
  const ready = new ReadyKeys();
  for (const [key, priority] of keys) ready.add(key, priority);
  return ready;
}

describe("ReadyKeys", () => {
  it.each([
    [
      "first come, first served",
      [
        ["a", "normal"],
        ["b", "normal"],
      ],
      ["a", "b"],
    ],
    [
      "high goes ahead of normal",
      [
        ["a", "normal"],
        ["b", "high"],
      ],
      ["b", "a"],
    ],
    [
      "a second add keeps the place",
      [
        ["a", "normal"],
        ["b", "normal"],
        ["a", "normal"],
      ],
      ["a", "b"],
    ],
    [
      "high moves a normal key up",
      [
        ["a", "normal"],
        ["b", "normal"],
        ["b", "high"],
      ],
      ["b", "a"],
    ],
    [
      "who moves up stands behind the high ones",
      [
        ["a", "normal"],
        ["b", "high"],
        ["a", "high"],
      ],
      ["b", "a"],
    ],
    [
      "normal moves nothing down",
      [
        ["a", "high"],
        ["b", "high"],
        ["a", "normal"],
      ],
      ["a", "b"],
    ],
  ] as const)("%s", (_, keys, order) => {
    expect(takeAll(filled(...keys))).toEqual(order);
  });

  it("lets a normal key go after four high ones have passed it over", () => {
    const ready = filled(["n1", "normal"], ["n2", "normal"]);
    for (let i = 1; i <= 9; i++) ready.add(`h${i}`, "high");
    expect(takeAll(ready)).toEqual(["h1", "h2", "h3", "h4", "n1", "h5", "h6", "h7", "h8", "n2", "h9"]);
  });

  it("counts only high keys that pass somebody over", () => {
    const ready = filled(["h1", "high"], ["h2", "high"], ["h3", "high"], ["h4", "high"]);
    takeAll(ready);
    ready.add("n", "normal");
    ready.add("h5", "high");
    expect(takeAll(ready)).toEqual(["h5", "n"]);
  });

  it("is first in, first out within a priority, and passes nobody over too often, whatever waits", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Priority>("high", "normal"), { maxLength: 60 }), (priorities) => {
        const ready = filled(...priorities.map((priority, i) => [`${priority}-${i}`, priority] as const));
        const taken = takeAll(ready);
        for (const priority of ["high", "normal"]) {
          const order = taken
            .filter((key) => key.startsWith(priority))
            .map((key) => Number(key.split("-")[1]));
          expect(order).toEqual([...order].sort((a, b) => a - b));
        }
        expect(new Set(taken).size).toBe(priorities.length);
        const lastNormal = taken.findLastIndex((key) => key.startsWith("normal"));
        const runs = taken
          .slice(0, lastNormal + 1)
          .join(" ")
          .split(/normal-\d+/);
        for (const run of runs) expect(run.split("high").length - 1).toBeLessThanOrEqual(MAX_PASSED_OVER);
      }),
    );
  });
});
