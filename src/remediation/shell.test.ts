import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOSTILE } from "../../test/support/remediation.ts";
import { cliArguments } from "./cli-arguments.ts";
import { line, quote, quoteJson, wrapped } from "./shell.ts";

/** The words that bash makes of each of `words`, all in one run. */
function throughBash(words: readonly string[]): string[] {
  const script = words.map((word) => `printf '%s\\0' ${word}`).join("\n");
  return execFileSync("bash", ["-c", script]).toString("utf8").split("\0").slice(0, -1);
}

/** Of every kind: ASCII with what shells love, whole Unicode, halves of pairs. */
const foreign = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."'\"\\$`!*?[]{}()<>|&;#~ \n\t\r=-a%^") }),
);
const texts = fc.array(foreign, { minLength: 50, maxLength: 50 });

describe("a quoted word", () => {
  it("is to bash exactly the text that it was made of", () => {
    fc.assert(
      fc.property(texts, (all) => {
        const expected = all.map((text) => text.replaceAll("\0", "").toWellFormed());
        expect(throughBash(all.map(quote))).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it("is left as it is where it means itself", () => {
    expect(quote("arn:aws:iam::123456789012:role/service-role/X")).toBe(
      "arn:aws:iam::123456789012:role/service-role/X",
    );
  });

  it.each(["", "-x", "~", "a b", "https://x", "#", "=x"])("has quotes: %j", (text) => {
    expect(quote(text)).toBe(`'${text}'`);
  });
});

describe("JSON in a word", () => {
  it("is printable ASCII, and is read as exactly the value", () => {
    fc.assert(
      fc.property(texts, (all) => {
        const words = all.map((text) => quoteJson({ [text]: [text] }));
        for (const word of words) expect(word).toMatch(/^[\x20-\x7e]*$/);
        const read = throughBash(words).map((json) => JSON.parse(json) as unknown);
        expect(read).toEqual(all.map((text) => ({ [text]: [text] })));
      }),
      { numRuns: 20 },
    );
  });
});

describe("a line", () => {
  it("never ends, and has nothing that a terminal obeys", () => {
    fc.assert(
      fc.property(foreign, (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(line(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
        for (const part of wrapped(text, "# ", "# ")) expect(part).toMatch(/^# [^\n\r]*$/);
      }),
    );
  });
});

describe("arguments of the AWS CLI", () => {
  it("are options where the text can be nothing else", () => {
    expect(
      cliArguments({ VolumeSizeInGB: 5, KmsKeyId: "a/b", SecurityGroupIds: ["sg-1", "sg-2"], Tags: [] }),
    ).toEqual(["--volume-size-in-gb 5", "--kms-key-id a/b", "--security-group-ids sg-1 sg-2"]);
  });

  it("are JSON where the CLI would read a file, fetch an URL or see an option", () => {
    for (const text of HOSTILE.filter((one) => one !== "EOF")) {
      const [argument, ...others] = cliArguments({ DefaultCodeRepository: text });
      expect(others).toEqual([]);
      expect(argument).toBe(`--cli-input-json ${quoteJson({ DefaultCodeRepository: text })}`);
    }
  });
});
