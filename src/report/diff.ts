import type { ScanFold } from "./fold.ts";
import { findingKey, type RecordedFinding, type ScanRecord } from "./record.ts";
import { type Scope, scopeTest } from "./scope.ts";

/**
 * How a violation ended: it was read as compliant; its resource is gone; an exemption covers it; the scan was not asked
 * to look at it any more. Only the first two mean that somebody put something right.
 */
export type Ending = "Compliant" | "Gone" | "Exempt" | "OutOfScope";

export interface Resolution {
  /** As the last record had it. */
  readonly finding: RecordedFinding;
  readonly how: Ending;
}

/** What changed between two records, for people to be told. */
export interface RecordDiff {
  readonly found: readonly RecordedFinding[];
  readonly resolved: readonly Resolution[];
}

/**
 * Violations that are new, and those that are none any more. `fold` and `scope`: what `next` was made from, since a
 * record does not tell a pass from a resource that is gone.
 */
export function diffRecords(
  previous: ScanRecord | undefined,
  next: ScanRecord,
  fold: ScanFold,
  scope: Scope,
): RecordDiff {
  const before = violationsOf(previous);
  const after = violationsOf(next);
  const verdicts = new Map(next.findings.map((finding) => [findingKey(finding), finding.verdict]));
  const inScope = scopeTest(scope, fold);
  const endingOf = (key: string, finding: RecordedFinding): Ending => {
    if (verdicts.get(key) === "exempt") return "Exempt";
    if (!inScope(finding)) return "OutOfScope";
    return fold.passed(finding) ? "Compliant" : "Gone";
  };
  return {
    found: [...after].filter(([key]) => !before.has(key)).map(([, finding]) => finding),
    resolved: [...before]
      .filter(([key]) => !after.has(key))
      .map(([key, finding]) => ({ finding, how: endingOf(key, finding) })),
  };
}

function violationsOf(record: ScanRecord | undefined): Map<string, RecordedFinding> {
  const violations = (record?.findings ?? []).filter(({ verdict }) => verdict === "violation");
  return new Map(violations.map((finding) => [findingKey(finding), finding]));
}
