import { type FrameworkControls, frameworksOf } from "../rules/framework.ts";
import { ruleOf } from "../rules/registry.ts";
import type { Rule } from "../rules/rule.ts";
import type { MergedRecord } from "./merge.ts";
import type { Coverage, FailureCount, Outcome, RecordedFinding } from "./record.ts";
import { type AccountSummary, type Summary, summarize, summarizeAccounts } from "./summary.ts";

/**
 * The outcome of a scan made for readers: what the command line prints, in every format. Its JSON is a contract; fields
 * are added and never taken away.
 */
export interface ScanResult {
  readonly scan: ResultFacts;
  readonly summary: Summary;
  readonly accounts: readonly AccountSummary[];
  /** Violations, exempt ones and unknowns always; passes where they were asked for. */
  readonly findings: readonly ReportedFinding[];
  readonly failures: readonly FailureCount[];
  /** A row for every account and region that was to be read. */
  readonly coverage: readonly Coverage[];
  /** Where the result was held against an earlier one. */
  readonly baseline?: BaselineComparison | undefined;
}

/** Times are RFC 3339. */
export interface ResultFacts {
  readonly startTime: string;
  readonly completionTime: string;
  readonly outcome: Outcome;
  /** Somebody ended the scan before it was done: what is missing was not looked at. */
  readonly interrupted: boolean;
  /** Of awsscan. */
  readonly version: string;
}

export interface ReportedFinding extends RecordedFinding {
  readonly severity: Rule["severity"];
  readonly frameworks: readonly FrameworkControls[];
  /** Against the baseline, on violations: `new` where that did not have it as one. */
  readonly change?: "new" | "unchanged" | undefined;
}

export interface BaselineComparison {
  readonly new: number;
  /** Those that could not be read now included: nothing says that they have ended. */
  readonly unchanged: number;
  /** Violations of the baseline that are read as none now, or are gone, in places that this scan covered. */
  readonly resolved: readonly ReportedFinding[];
}

/** A record's finding with what its rule says of it. A rule that this program lacks maps to nothing. */
export function reported(finding: RecordedFinding): ReportedFinding {
  const rule = ruleOf(finding.rule);
  return {
    ...finding,
    severity: rule?.severity ?? "medium",
    frameworks: rule === undefined ? [] : frameworksOf(rule.frameworks, finding.type),
  };
}

/** The result of a record, or of several that `mergeRecords` made one. */
export function resultOf(
  record: MergedRecord,
  { version, interrupted }: Pick<ResultFacts, "version" | "interrupted">,
): ScanResult {
  const { startTime, completionTime, outcome } = record.scan;
  return {
    scan: { startTime, completionTime, outcome, interrupted, version },
    summary: summarize(record),
    accounts: summarizeAccounts(record),
    findings: record.findings.map(reported),
    failures: record.failures,
    coverage: record.coverage,
  };
}
