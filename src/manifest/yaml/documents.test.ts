import { describe, expect, it } from "vitest";
import { readDocuments } from "./documents.ts";
import { placeAt } from "./place.ts";

const values = (text: string) => readDocuments(text).documents.map(({ value }) => value);
const problems = (text: string) =>
  readDocuments(text).problems.map(
    ({ position, message }) => `${position.line}:${position.column} ${message}`,
  );

describe("readDocuments", () => {
  it("reads documents, and leaves out those with nothing in them", () => {
    expect(values("a: 1\n---\n# nothing\n---\n~\n---\nb: yes\n")).toEqual([{ a: 1 }, { b: true }]);
  });

  it("reads objects of JSON that follow one another", () => {
    expect(values('{"a":\t"{"}\n\n{"b": ["}", 1.5]}')).toEqual([{ a: "{" }, { b: ["}", 1.5] }]);
  });

  it("reads YAML that begins with a brace", () => {
    expect(values("{a: 1}\n---\nb: 2")).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it("makes text of keys, as JSON has no others", () => {
    expect(values("1: a\nyes: b\n0x10: c\n1.5: d")).toEqual([{ "1": "a", true: "b", "16": "c", "1.5": "d" }]);
  });

  it("merges as go-yaml does, in the order of the text", () => {
    expect(
      values("a: &a {x: 1, z: 2}\nb: {<<: *a, x: 3}\nc: {x: 3, <<: *a}\nd: {<<: [{x: 4}, *a]}"),
    ).toMatchObject([{ b: { x: 3, z: 2 }, c: { x: 1, z: 2 }, d: { x: 4, z: 2 } }]);
  });

  it("knows where a value and its key stand, in a later object of JSON too", () => {
    const [, document] = readDocuments('{"a": 1}\n{"b":\n  {"c": [0, 5]}}').documents;
    if (document === undefined) throw new Error("the second object is missing");
    const { place } = placeAt(document.place, ["b", "c", 1]);
    expect(document.positionOf(place.offset)).toEqual({ line: 3, column: 13 });
    const { place: list, isWritten } = placeAt(document.place, ["b", "c", 7, "x"]);
    expect([document.positionOf(list.keyOffset ?? 0), isWritten]).toEqual([{ line: 3, column: 4 }, false]);
  });

  it("tells of keys that stand twice, also where they are written differently", () => {
    const [document] = readDocuments('a: 1\n"a": 2\n1: x\n"1": y\n').documents;
    expect(document?.duplicates.map(({ key }) => key)).toEqual(["a", "1"]);
  });

  it("keeps keys that mean something to JavaScript", () => {
    const [value] = values("__proto__: {polluted: yes}\nconstructor: x");
    expect(Object.keys(value ?? {})).toEqual(["__proto__", "constructor"]);
    expect({}).not.toHaveProperty("polluted");
  });
});

describe("what cannot be read", () => {
  it.each([
    ["a tab for indentation", "a:\n\tb: 1", /^2:1 Tabs/],
    ["a list that does not end", "a: [1,\n", /^2:1 /],
    ["an alias without anchor", "a: *x", /^1:4 the anchor &x/],
    ["a number that JSON has not", "a: .inf", /^1:4 JSON has no number/],
    ["a key that is a list", "? [a]\n: b", /^1:3 a key must be/],
    ["a value that its tag denies", "a: !!int x", /^1:10 .*!!int/],
    ["a merge of text", "<<: x", /^1:5 << takes/],
    ["something behind a separator", "a: 1\n--- b\n", /^2:1 put nothing/],
    ["a control character", "a: b\nc: \u0000", /^2:4 control characters/],
    ["half of a surrogate pair", '{"a": "\\ud800"}', /^1:7 half of a surrogate/],
    ["an alias of itself", "&a [*a]", /nested deeper/],
    ["brackets without end", "[".repeat(50_000), /nested too deeply/],
    ["depth", `${"[".repeat(70)}${"]".repeat(70)}`, /nested deeper than 64/],
  ])("tells of %s", (_what, text, expected) => {
    expect(problems(text)[0]).toMatch(expected);
  });

  it("does not let a few aliases become millions of values", () => {
    const levels = ["a", "b", "c", "d", "e", "f"].map((name, level, names) => {
      const item = level === 0 ? "x" : `*${names[level - 1]}`;
      return `${name}: &${name} [${Array(10).fill(item).join(", ")}]`;
    });
    expect(problems(levels.join("\n"))).toEqual([
      expect.stringContaining("aliases repeat more than 10000 values"),
    ]);
  });

  it("does not hinder the documents beside it", () => {
    expect(values("a: *x\n---\nb: 2\n")).toEqual([{ b: 2 }]);
  });
});
