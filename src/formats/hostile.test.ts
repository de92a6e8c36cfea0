import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOSTILE, resultSaying } from "../../test/support/scan-result.ts";
import { FORMATS } from "./registry.ts";

/** What a terminal obeys or nobody sees. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "binary" }),
  fc
    .array(fc.constantFrom(...HOSTILE, "|", "`", "\\", "<", "&", "\u0000", "\ud800"))
    .map((parts) => parts.join("")),
);

describe.each(Object.entries(FORMATS))("%s", (_name, format) => {
  it("lets nothing through that a terminal obeys or nobody sees, whatever an account says", {
    timeout: 60_000,
  }, () => {
    fc.assert(
      fc.property(
        hostile,
        fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
        (text, columns) => {
          const written = [...format(resultSaying(text), { color: false, columns })].join("");
          expect(written.replaceAll("\r\n", "").replaceAll("\n", "")).not.toMatch(UNSEEN);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("writes as many lines, whatever line breaks an account says", () => {
    const lines = (text: string) =>
      [...format(resultSaying(text), { color: false })].join("").split("\n").length;
    expect(lines("a\nb\rc\u2028d\u2029e\u0085f")).toBe(lines("a\u0007f"));
  });
});
