import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineTooLongError, lines } from "./lines.ts";

async function* stream(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function collect(source: AsyncIterable<string>): Promise<string[]> {
  const result: string[] = [];
  for await (const line of source) result.push(line);
  return result;
}

function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((to, index) => bytes.subarray(at[index], to));
}

describe("lines", () => {
  it("come out whole wherever the stream was cut, characters of several bytes included", async () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 }).map((raw) => `"${raw.replaceAll("\n", "")}"`);
    await fc.assert(
      fc.asyncProperty(fc.array(text), fc.array(fc.nat()), fc.boolean(), async (expected, cuts, ended) => {
        const bytes = Buffer.from(expected.join("\n") + (ended ? "\n" : ""));
        const actual = await collect(lines(stream(split(bytes, cuts)), 10_000));
        expect(actual).toEqual(expected);
      }),
    );
  });

  it("that are empty are left out", async () => {
    expect(await collect(lines(stream([Buffer.from("\n\r\na\n \n")]), 10))).toEqual(["a"]);
  });

  it("longer than the bound are refused before they are held", async () => {
    const chunks = [Buffer.alloc(6, "a"), Buffer.alloc(6, "a")];
    await expect(collect(lines(stream(chunks), 10))).rejects.toThrow(LineTooLongError);
    expect(await collect(lines(stream(chunks), 12))).toEqual(["a".repeat(12)]);
  });
});
