import { findingKey } from "../report/record.ts";
import type { ReportedFinding, ScanResult } from "../report/result.ts";

/** What the baseline had and is no violation now, without those that are listed as passes: an importer needs one word. */
export function resolvedAlone({ baseline, findings }: ScanResult): ReportedFinding[] {
  if (baseline === undefined || baseline.resolved.length === 0) return [];
  const listed = new Set(findings.map(findingKey));
  return baseline.resolved.filter((finding) => !listed.has(findingKey(finding)));
}
