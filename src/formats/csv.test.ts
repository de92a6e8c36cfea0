import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compliantResult,
  HOSTILE,
  interruptedResult,
  resultSaying,
  scanResult,
} from "../../test/support/scan-result.ts";
import { visibleText } from "../api/visible-text.ts";
import { csv } from "./csv.ts";

type Row = Readonly<Record<string, string>>;

function rows(result: typeof scanResult): Row[] {
  return parse([...csv(result, { color: false })].join(""), {
    columns: true,
    record_delimiter: "\r\n",
  }) as Row[];
}
/** What docs/formats.md tells readers to do. */
const raw = (cell = "") => cell.replace(/^'/, "");

describe("csv", () => {
  it("has a row for all that is found, resolved, failed and not read, and the outcome last", () => {
    const kinds = Object.groupBy(rows(scanResult), ({ kind }) => kind ?? "");
    expect(kinds["finding"]).toHaveLength(7);
    expect(kinds["resolved"]).toHaveLength(1);
    expect(kinds["failure"]).toHaveLength(4);
    expect(kinds["uncovered"]?.map(({ region }) => region)).toEqual([
      "us-east-1",
      "eu-west-1",
      "us-west-2",
      "",
    ]);
    expect(rows(scanResult).at(-1)).toMatchObject({ kind: "scan", reason: "Incomplete" });
  });

  it("never looks clean where the scan was interrupted", () => {
    expect(rows(interruptedResult).map(({ kind, reason }) => [kind, reason])).toEqual([
      ["uncovered", "failed"],
      ["scan", "Interrupted"],
    ]);
    expect(rows(compliantResult)).toMatchObject([{ kind: "scan", reason: "Complete" }]);
  });

  it("counts a resolved violation as no violation", () => {
    expect(rows(scanResult).filter(({ verdict }) => verdict === "violation")).toHaveLength(
      scanResult.summary.violations,
    );
  });

  it("gives every cell back, and none that a spreadsheet takes for a formula", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary" })), (text) => {
        const [first] = rows(resultSaying(text));
        expect(raw(first?.["name"])).toBe(visibleText(text));
        for (const cell of Object.values(first ?? {}))
          expect(cell).not.toMatch(/^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/);
      }),
      { numRuns: 100 },
    );
  });
});
