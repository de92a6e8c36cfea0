import { beforeAll, describe, expect, it } from "vitest";
import { sarif } from "../../src/formats/sarif.ts";
import { type SarifComplaint, sarifComplaints } from "../../tools/validators/reports/sarif-multitool.ts";
import { REPORT_CASES, written } from "../support/report-cases.ts";
import { scanResult } from "../support/scan-result.ts";

/** It wants a web address of the program, which has none. */
const NOT_OURS = "SARIF2005";

const NAMES = Object.keys(REPORT_CASES).filter((name) => !name.startsWith("any-"));

describe("sarif, read by the SARIF Multitool", () => {
  let complaints: Record<string, SarifComplaint[]>;

  beforeAll(async () => {
    const logs = NAMES.map((name) => [name, written(sarif, REPORT_CASES[name] ?? scanResult)]);
    const good = written(sarif, scanResult);
    complaints = await sarifComplaints({
      ...Object.fromEntries(logs),
      "mistake-field": good.replace('"columnKind"', '"columns"'),
      "mistake-location": good.replaceAll('"physicalLocation"', '"location"'),
    });
  }, 600_000);

  it.each(NAMES)("is valid by the standard and to GitHub: %s", (name) => {
    expect(complaints[name]?.filter(({ ruleId }) => ruleId !== NOT_OURS)).toEqual([]);
  });

  it.each(["mistake-field", "mistake-location"])("would be refused: %s", (name) => {
    expect(complaints[name]?.some(({ level }) => level === "error")).toBe(true);
  });
});
