import { beforeAll, describe, expect, it } from "vitest";
import { asff } from "../../src/formats/asff.ts";
import type { Format } from "../../src/formats/format.ts";
import { junit } from "../../src/formats/junit.ts";
import { ocsf } from "../../src/formats/ocsf.ts";
import { placeReports } from "../../src/formats/place-report.ts";
import { sarif } from "../../src/formats/sarif.ts";
import { type Reading, validateReports } from "../../tools/validators/reports/validators.ts";
import { REPORT_CASES, written } from "../support/report-cases.ts";
import { scanResult } from "../support/scan-result.ts";

/** Reports with one mistake each: a validator that lets them pass proves nothing. */
const MISTAKES = {
  sarif: {
    "a kind that does not exist": (text: string) => text.replace('"kind":"open"', '"kind":"maybe"'),
    "a field that the schema lacks": (text: string) => text.replace('"columnKind"', '"columns"'),
  },
  ocsf: {
    "a status that is no number": (text: string) => text.replace('"status_id":1', '"status_id":"one"'),
    "a field that the class lacks": (text: string) => text.replace('"class_uid"', '"class"'),
  },
  asff: {
    "a status that does not exist": (text: string) => text.replace('"Status":"FAILED"', '"Status":17'),
    "a title beyond 256 characters": (text: string) =>
      text.replace('"Title":"', `"Title":"${"x".repeat(257)}`),
    "a finding without resources": (text: string) => text.replace('"Resources"', '"Resource"'),
  },
  junit: {
    "an element that the schema lacks": (text: string) =>
      text.replace("</testsuites>", "<test/></testsuites>"),
    "a count that is wrong": (text: string) => text.replace(/errors="\d+"/, 'errors="0"'),
  },
} as const;
const FORMATS: Readonly<Record<keyof typeof MISTAKES, Format>> = { sarif, ocsf, asff, junit };

const mistaken = (kind: keyof typeof MISTAKES) =>
  Object.entries(MISTAKES[kind]).map(([name, spoil]) => [
    `mistake: ${name}`,
    spoil(written(FORMATS[kind], scanResult)),
  ]);
const valid = (kind: keyof typeof MISTAKES) =>
  Object.entries(REPORT_CASES).map(([name, result]) => [name, written(FORMATS[kind], result)]);
const reportsOf = (kind: keyof typeof MISTAKES) => Object.fromEntries([...valid(kind), ...mistaken(kind)]);

describe("the formats for machines, read by others", () => {
  let readings: Record<keyof typeof MISTAKES, Record<string, Reading>>;

  beforeAll(async () => {
    readings = await validateReports({
      sarif: reportsOf("sarif"),
      ocsf: reportsOf("ocsf"),
      asff: reportsOf("asff"),
      junit: reportsOf("junit"),
    });
  }, 600_000);

  describe.each(["sarif", "ocsf", "asff", "junit"] as const)("%s", (kind) => {
    it.each(Object.keys(REPORT_CASES))("is valid: %s", (name) => {
      expect(readings[kind][name]?.errors).toEqual([]);
    });

    it.each(Object.keys(MISTAKES[kind]))("would be refused with %s", (name) => {
      expect(readings[kind][`mistake: ${name}`]?.errors).not.toEqual([]);
    });
  });

  it("tells each finding, each place and each violation that is resolved to the readers of OCSF and ASFF", () => {
    const told = scanResult.findings.length + placeReports(scanResult).length + 1;
    expect(readings.ocsf["everything"]?.read).toBe(told);
    expect(readings.asff["everything"]?.read).toBe(told);
  });

  it("is imported by Security Hub as often as one likes: a finding stays one", () => {
    expect(readings.asff["everything"]?.imported).toBe(readings.asff["everything"]?.read);
  });

  it("counts violations, exempt ones and what is unknown or unread in JUnit", () => {
    // Four places, and two resources.
    expect(readings.junit["everything"]).toMatchObject({ failures: 4, skipped: 1, unknown: 6 });
    expect(readings.junit["compliant"]).toMatchObject({ failures: 0, skipped: 0, unknown: 0 });
    expect(readings.junit["interrupted"]).toMatchObject({ failures: 0, skipped: 0, unknown: 2 });
  });
});
