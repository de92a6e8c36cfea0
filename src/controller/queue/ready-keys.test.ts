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

  it("lets namespaces take turns, whichever has more keys, with the turns of both priorities counted", () => {
    const ready = filled(
      ["a/1", "normal"],
      ["a/2", "normal"],
      ["a/3", "normal"],
      ["b/1", "normal"],
      ["a/4", "high"],
      ["a/5", "high"],
      ["b/2", "high"],
      ["c/1", "normal"],
    );
    const taken: string[] = [];
    for (let key = ready.take(); key !== undefined; key = ready.take()) {
      taken.push(key);
      ready.done(key);
    }
    expect(taken).toEqual(["a/4", "b/2", "a/5", "c/1", "b/1", "a/1", "a/2", "a/3"]);
  });

  it("prefers the namespace of which the fewest are worked on, and takes turns among those", () => {
    const ready = filled(
      ...["a/1", "a/2", "b/1", "b/2", "a/3", "c/1"].map((key) => [key, "normal"] as const),
    );
    expect([ready.take(), ready.take()]).toEqual(["a/1", "b/1"]);
    ready.add("d/1", "normal");
    expect([ready.take(), ready.take()]).toEqual(["c/1", "d/1"]);
    ready.done("b/1");
    expect([ready.take(), ready.take()]).toEqual(["b/2", "a/2"]);
  });

  it("finds the keys of namespaces of which none is worked on, of either priority", () => {
    const ready = filled(["a/1", "high"], ["a/2", "high"], ["a/3", "normal"], ["b/1", "normal"]);
    expect(ready.take("idle")).toBe("a/1");
    expect(ready.take("idle")).toBe("b/1");
    expect([ready.has("idle"), ready.take("idle"), ready.has("any")]).toEqual([false, undefined, true]);
    ready.done("a/1");
    expect([ready.has("idle"), ready.take("idle")]).toEqual([true, "a/2"]);
  });

  it("gives nobody more than one turn before everybody else had one, whatever waits", () => {
    const namespaces = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 60 });
    fc.assert(
      fc.property(namespaces, (list) => {
        const ready = filled(...list.map((namespace, i) => [`${namespace}/${i}`, "normal"] as const));
        const left = list.map((namespace, i) => `${namespace}/${i}`);
        const turns = new Map<string, number>();
        for (let key = ready.take(); key !== undefined; key = ready.take()) {
          ready.done(key);
          const namespace = key.slice(0, 1);
          // First come, first served within it.
          expect(key).toBe(left.find((other) => other.startsWith(namespace)));
          left.splice(left.indexOf(key), 1);
          const before = turns.get(namespace) ?? 0;
          for (const other of left) expect(turns.get(other.slice(0, 1)) ?? 0).toBeGreaterThanOrEqual(before);
          turns.set(namespace, before + 1);
        }
        expect(left).toEqual([]);
      }),
    );
  });
});
