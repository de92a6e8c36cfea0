import { findingKey, type RecordedFinding, type ScanRecord } from "./record.ts";

/** What changed between two records, for people to be told. */
export interface RecordDiff {
  readonly found: readonly RecordedFinding[];
  readonly resolved: readonly RecordedFinding[];
}

/** Violations that are new, and those that are none any more: compliant, exempt, gone or out of the scan's scope. */
export function diffRecords(previous: ScanRecord | undefined, next: ScanRecord): RecordDiff {
  const before = violationsOf(previous);
  const after = violationsOf(next);
  return {
    found: [...after].filter(([key]) => !before.has(key)).map(([, finding]) => finding),
    resolved: [...before].filter(([key]) => !after.has(key)).map(([, finding]) => finding),
  };
}

function violationsOf(record: ScanRecord | undefined): Map<string, RecordedFinding> {
  const violations = (record?.findings ?? []).filter(({ verdict }) => verdict === "violation");
  return new Map(violations.map((finding) => [findingKey(finding), finding]));
}
