import { describe, expect, it } from "vitest";
import { compliantResult, interruptedResult, scanResult } from "../../test/support/scan-result.ts";
import type { FormatName } from "./names.ts";
import { FORMATS } from "./registry.ts";

const EXTENSIONS: Readonly<Record<FormatName, string>> = {
  table: "txt",
  json: "json",
  ndjson: "ndjson",
  csv: "csv",
  sarif: "sarif",
  junit: "xml",
  ocsf: "ocsf.json",
  asff: "asff.json",
  html: "html",
  markdown: "md",
};

/** What each format makes of a result, as files to read; `npx vitest run --project unit src/formats -u` makes them anew. */
describe("golden files", () => {
  for (const [name, format] of Object.entries(FORMATS)) {
    for (const [what, result] of Object.entries({
      mixed: scanResult,
      compliant: compliantResult,
      interrupted: interruptedResult,
    })) {
      it(`${name} of a result that is ${what} reads as before`, async () => {
        const text = [...format(result, { color: false, columns: name === "table" ? 100 : undefined })].join(
          "",
        );
        await expect(text).toMatchFileSnapshot(`golden/${what}.${EXTENSIONS[name as FormatName]}`);
      });
    }
  }
});
