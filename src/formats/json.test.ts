import { describe, expect, it } from "vitest";
import { compliantResult, HOSTILE, resultSaying, scanResult } from "../../test/support/scan-result.ts";
import { json } from "./json.ts";
import { ndjson } from "./ndjson.ts";

const OPTIONS = { color: false };
const read = (pieces: Iterable<string>) => JSON.parse([...pieces].join(""));
/** As JSON has it: without undefined fields. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

describe("json", () => {
  it.each([scanResult, compliantResult, ...HOSTILE.map(resultSaying)])(
    "gives a reader the result back (%#)",
    (result) => {
      expect(read(json(result, OPTIONS))).toEqual(plain(result));
    },
  );

  it("begins with what scripts are promised, in their order", () => {
    const parsed = read(json(scanResult, OPTIONS));
    expect(Object.keys(parsed).slice(0, 3)).toEqual(["summary", "findings", "failures"]);
    expect(Object.keys(parsed.findings[0]).slice(0, 9)).toEqual([
      "verdict",
      "arn",
      "type",
      "account",
      "region",
      "name",
      "reason",
      "evidence",
      "frameworks",
    ]);
  });

  it("is laid out as JSON.stringify lays it out", () => {
    const text = [...json(compliantResult, OPTIONS)].join("");
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  });
});

describe("ndjson", () => {
  const lines = (result: typeof scanResult) =>
    [...ndjson(result, OPTIONS)]
      .join("")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("has a line for all that is found, resolved, failed and not read, and the summary last", () => {
    const kinds = Object.groupBy(lines(scanResult), ({ kind }) => kind);
    expect(kinds["finding"]?.map(({ arn }) => arn)).toEqual(scanResult.findings.map(({ arn }) => arn));
    expect(kinds["resolved"]).toHaveLength(1);
    expect(kinds["failure"]).toHaveLength(4);
    expect(kinds["uncovered"]).toHaveLength(4);
    expect(lines(scanResult).at(-1)).toMatchObject({
      kind: "summary",
      ...scanResult.summary,
      scan: scanResult.scan,
      baseline: { new: 1, unchanged: 3, resolved: 1 },
    });
  });

  it.each(HOSTILE.map(resultSaying))("gives a reader names back as they were (%#)", (result) => {
    expect(lines(result)[0].name).toBe(plain(result.findings[0]?.name));
  });
});
