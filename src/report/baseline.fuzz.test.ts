import { expect, it } from "vitest";
import { fuzz } from "../../test/support/fuzz.ts";
import { damagedJson, damagedText } from "../../test/support/mutations.ts";
import { RECORD, scanResult } from "../../test/support/scan-result.ts";
import { FORMATS } from "../formats/registry.ts";
import { type Baseline, compareWith, InvalidBaselineError, parseBaseline, recordOf } from "./baseline.ts";
import { resultOf } from "./result.ts";

const GOOD = JSON.stringify(scanResult);
const RULES = new Set(["SageMaker-004"]);
const NOW = resultOf(RECORD, { version: "0.0.0", interrupted: false });
const RESOLVED = resultOf({ ...RECORD, findings: [] }, { version: "0.0.0", interrupted: false });

function read(text: string): Baseline | undefined {
  try {
    return parseBaseline(text);
  } catch (error) {
    if (!(error instanceof InvalidBaselineError)) throw error;
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/u);
    return undefined;
  }
}

/** Whatever was read can be gone on from, and told in every format. */
function expectUsable(baseline: Baseline | undefined): void {
  if (baseline === undefined) return;
  const told = [
    compareWith(NOW, baseline, RULES),
    compareWith(RESOLVED, baseline, RULES),
    resultOf(recordOf(baseline), { version: "0.0.0", interrupted: false }),
  ];
  for (const result of told)
    for (const format of Object.values(FORMATS)) for (const _ of format(result, { color: false }));
}

it("a result is read as what it says", () => {
  const baseline = parseBaseline(GOOD);
  expect(baseline.findings).toHaveLength(scanResult.findings.length);
  expectUsable(baseline);
});

it.each(["2026-13-01T00:00:00Z", "2026-01-01T25:00:00Z", "2026-01-01T00:00:00+99:99"])(
  "a time that no calendar has is none: %s",
  (time) => {
    const [finding] = scanResult.findings;
    for (const damaged of [
      { ...scanResult, scan: { ...scanResult.scan, completionTime: time } },
      { ...scanResult, findings: [{ ...finding, firstSeen: time }] },
    ]) {
      expect(() => parseBaseline(JSON.stringify(damaged))).toThrow(InvalidBaselineError);
    }
  },
);

fuzz(
  "whatever is given for a result is refused in a line, or can be compared with and told in every format",
  30,
  damagedText([GOOD]),
  (text) => expectUsable(read(text)),
);

fuzz(
  "a result of which something was changed is refused, or has no verdict that it did not have",
  30,
  damagedJson(scanResult),
  (value) => {
    const baseline = read(JSON.stringify(value));
    expectUsable(baseline);
    const written = (value as { findings?: { arn?: unknown; verdict?: unknown }[] } | null)?.findings;
    for (const [at, { arn, verdict }] of baseline?.findings.entries() ?? [])
      expect({ arn, verdict }).toEqual({ arn: written?.[at]?.arn, verdict: written?.[at]?.verdict });
  },
);
