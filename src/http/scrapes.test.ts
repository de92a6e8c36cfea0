import { describe, expect, it } from "vitest";
import { Scrapes } from "./scrapes.ts";

function rig() {
  const clock = { ms: 1 };
  const scrapes = new Scrapes({ max: 2, patienceMs: 10, now: () => clock.ms });
  const gone: string[] = [];
  const begin = (name: string, owner: object = {}) => scrapes.begin(owner, () => void gone.push(name));
  return { clock, gone, begin };
}

describe("scrapes", () => {
  it("are no more at a time than there may be", () => {
    const { begin, gone } = rig();
    const first = begin("first");
    expect(begin("second")).toBeDefined();
    expect(begin("third")).toBeUndefined();
    first?.();
    first?.();
    expect(begin("fourth")).toBeDefined();
    expect(begin("fifth")).toBeUndefined();
    expect(gone).toEqual([]);
  });

  it("give way when they have had their time, the oldest first, and only where there is no room", () => {
    const { clock, begin, gone } = rig();
    const first = begin("first");
    clock.ms += 9;
    expect(begin("second")).toBeDefined();
    expect(begin("third")).toBeUndefined();
    clock.ms += 1;
    expect(begin("fourth")).toBeDefined();
    expect(gone).toEqual(["first"]);
    expect(begin("fifth")).toBeUndefined();
    // What gave way ends nobody else's.
    first?.();
    expect(begin("sixth")).toBeUndefined();
  });

  it("are one at a time for each owner", () => {
    const { begin } = rig();
    const owner = {};
    const end = begin("first", owner);
    expect(begin("second", owner)).toBeUndefined();
    end?.();
    expect(begin("third", owner)).toBeDefined();
    // Of an earlier one.
    end?.();
    expect(begin("fourth", owner)).toBeUndefined();
  });
});
