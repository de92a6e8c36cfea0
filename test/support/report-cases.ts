import fc from "fast-check";
import type { Format } from "../../src/formats/format.ts";
import type { ScanResult } from "../../src/report/result.ts";
import { compliantResult, HOSTILE, interruptedResult, resultSaying, scanResult } from "./scan-result.ts";

/** A result whose passes were asked for too. */
export const withPasses: ScanResult = {
  ...scanResult,
  findings: scanResult.findings.map((finding, index) =>
    index === 0
      ? { ...finding, verdict: "compliant", reason: "DirectInternetAccessDisabled", change: undefined }
      : finding,
  ),
};

/** 20 strings of any UTF-16 units, the same in every run. */
const ANY = fc.sample(
  fc.string({ unit: fc.integer({ max: 0xffff }).map((n) => String.fromCharCode(n)), maxLength: 60 }),
  {
    numRuns: 20,
    seed: 4,
  },
);

/** Results to hold a format's validators to, by name. */
export const REPORT_CASES: Readonly<Record<string, ScanResult>> = {
  everything: scanResult,
  compliant: compliantResult,
  interrupted: interruptedResult,
  passes: withPasses,
  unlisted: { ...scanResult, summary: { ...scanResult.summary, unknown: 5_000 } },
  nothing: {
    ...compliantResult,
    coverage: [],
    accounts: [],
    summary: { ...compliantResult.summary, accounts: 0 },
  },
  long: resultSaying("ü".repeat(5_000)),
  ...Object.fromEntries(HOSTILE.map((text, index) => [`hostile-${index}`, resultSaying(text)])),
  ...Object.fromEntries(ANY.map((text, index) => [`any-${index}`, resultSaying(text)])),
};

export function written(format: Format, result: ScanResult): string {
  return [...format(result, { color: false })].join("");
}
