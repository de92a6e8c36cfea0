import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { matchesGlob } from "./glob.ts";

describe("matchesGlob", () => {
  it.each([
    ["eu-*", "eu-west-1", true],
    ["eu-*", "us-east-1", false],
    ["*", "", true],
    ["*-1", "eu-west-1", true],
    ["a*a", "a", false],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["vendor.x", "vendor-x", false],
    ["", "", true],
  ])("%j on %j is %j", (glob, text, expected) => {
    expect(matchesGlob(glob, text)).toBe(expected);
  });

  it("agrees with a regular expression on every short pattern", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 }), (glob, text) => {
        const pattern = new RegExp(`^${glob.replaceAll("*", ".*")}$`);
        expect(matchesGlob(glob, text)).toBe(pattern.test(text));
      }),
    );
  });

  it.each([
    ["*a*a*a*a*a*a*c*b", `${"a".repeat(2_047)}b`],
    ["a*".repeat(8), `${"a".repeat(2_047)}b`],
    [`${"*".repeat(8)}b`, `${"a".repeat(2_047)}b`],
    [`*${"ab*".repeat(7)}c`, `${"ab".repeat(1_024)}c`],
  ])("searches a text once for each star of %s, however little of it fits", (glob, text) => {
    const search = vi.spyOn(String.prototype, "indexOf");
    const stars = glob.split("*").length - 1;
    matchesGlob(glob, text);
    const inText = search.mock.contexts.filter((searched) => String(searched) === text);
    const from = search.mock.calls
      .filter((_, at) => String(search.mock.contexts[at]) === text)
      .map(([, at]) => at);
    search.mockRestore();
    expect(inText.length).toBeGreaterThan(0);
    expect(inText.length).toBeLessThanOrEqual(stars);
    // Each search begins where the last one ended: the text is gone through once.
    expect(from).toEqual(from.toSorted((a = 0, b = 0) => a - b));
  });
});
