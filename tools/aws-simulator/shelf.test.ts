import { expect, test } from "vitest";
import { seededRandom } from "./random.ts";
import { Shelf } from "./shelf.ts";

test("a shelf stays in the order of its keys, whatever comes and goes", () => {
  const random = seededRandom(3);
  const shelf = new Shelf<number>([
    ["m", 0],
    ["c", 0],
  ]);
  const model = new Map([
    ["m", 0],
    ["c", 0],
  ]);
  for (let at = 0; at < 2_000; at++) {
    const key = String.fromCharCode(97 + Math.floor(random() * 26));
    if (random() < 0.5) {
      shelf.put(key, at);
      model.set(key, at);
    } else expect(shelf.remove(key)).toBe(model.delete(key));
    const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
    expect(shelf.all()).toEqual(sorted);
    expect(shelf.get(key)).toBe(model.get(key));
  }
});

test("a view is made once and anew after a change", () => {
  const shelf = new Shelf<number>([["a", 1]]);
  let made = 0;
  const doubled = () =>
    shelf.view("doubled", (all) => {
      made++;
      return all.map((item) => 2 * item);
    });
  expect([doubled(), doubled()]).toEqual([[2], [2]]);
  expect(made).toBe(1);
  shelf.put("b", 2);
  expect(doubled()).toEqual([2, 4]);
});
