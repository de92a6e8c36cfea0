import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { written } from "../../test/support/report-cases.ts";
import { HOSTILE, resultSaying } from "../../test/support/scan-result.ts";
import { visibleText } from "../api/visible-text.ts";
import { asff } from "./asff.ts";
import { junit } from "./junit.ts";
import { ocsf } from "./ocsf.ts";
import { sarif } from "./sarif.ts";

/** Every text of a JSON value, keys too. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => [key, ...textsIn(field)]);
}

/** Every text of an XML document; throws where it is not well-formed. */
function xmlTexts(document: string): string[] {
  const texts: string[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ attributes }) => texts.push(...Object.values(attributes)));
  parser.on("text", (text) => texts.push(text));
  parser.write(document).close();
  return texts;
}

const FORMATS = { sarif, junit, ocsf, asff };
const read = (name: keyof typeof FORMATS, document: string) =>
  name === "junit" ? xmlTexts(document) : textsIn(JSON.parse(document));

/** Names of any UTF-16 units: halves of surrogate pairs, controls and noncharacters too. */
const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE, "no character: \ufffe \uffff"),
  fc.string({ unit: fc.integer({ max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 80 }),
  fc.string({ unit: "binary", maxLength: 80 }),
);

describe.each(["sarif", "junit", "ocsf", "asff"] as const)("%s", (name) => {
  const spoken = (text: string) => written(FORMATS[name], resultSaying(text));

  it("holds nothing that a terminal obeys or nobody sees, whatever an account says", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const document = spoken(text);
        expect(document).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        // Nor does a reader get it back by taking escapes apart.
        for (const one of read(name, document)) expect(one).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
      { numRuns: 60 },
    );
  });

  it("gives names back as they are, but for characters that are spelt out", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        // No XML document may hold the last two, which JSON does not mind.
        const expected = visibleText(text).replace(/[\ufffe\uffff]/g, (unit) =>
          name === "junit" ? `\\u${unit.charCodeAt(0).toString(16)}` : unit,
        );
        const texts = read(name, spoken(text));
        expect(texts.some((one) => one.includes(expected))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
