import { ACCOUNT_MISMATCH } from "../aws/errors.ts";
import type { Finding } from "../scan/events.ts";

import type { ScanFold } from "./fold.ts";
import { findingKey, type RecordedFinding, type ScanRecord, type VerdictCounts } from "./record.ts";
import { type Scope, type ScopeTest, scopeTest } from "./scope.ts";

/**
 * Brings what the last record knew, and this scan could not read, into `fold`: a violation stays one until it is
 * read as compliant or known to be gone, and a former pass that cannot be verified again is unknown. Returns the
 * findings of the record to be.
 */
export function carryOver(
  fold: ScanFold,
  previous: ScanRecord | undefined,
  scope: Scope,
  startTime: string,
): RecordedFinding[] {
  const distrusted = distrustMismatched(fold);
  const findings = new Map<string, RecordedFinding>();
  for (const [key, finding] of fold.findings) findings.set(key, recorded(finding, distrusted, startTime));
  if (previous === undefined) return [...findings.values()];
  const inScope = scopeTest(scope, fold);
  for (const before of previous.findings) {
    // Whatever was never a violation has no age, and nothing to carry.
    if ((before.firstSeen === undefined && !isViolation(before)) || !inScope(before)) continue;
    const key = findingKey(before);
    const now = findings.get(key);
    // The clock that told the earlier time may have been ahead: nothing is first seen in the future.
    const firstSeen = earlier(before.firstSeen ?? startTime, startTime);
    if (now !== undefined && isViolation(now)) findings.set(key, { ...now, firstSeen });
    else if (!isUnread(fold, before, now, distrusted)) continue;
    else if (before.verdict === "violation") {
      const cell = fold.cell(before);
      // It was counted among what could not be judged; now it is counted as what it was.
      if (isCounted(fold, before, now)) cell.unknown -= 1;
      cell.violations += 1;
      findings.set(key, {
        ...before,
        firstSeen,
        lastVerified: before.lastVerified ?? previous.scan.completionTime,
      });
    } else {
      // Exempt, and unread now: nobody can say whether the exemption still covers it. Its age outlives that.
      if (!isCounted(fold, before, now)) fold.cell(before).unknown += 1;
      findings.set(key, now === undefined ? unverified(before) : { ...now, firstSeen });
    }
  }
  countUnread(fold, previous, inScope, distrusted);
  return [...findings.values()];
}

/** An exempt finding of the last record that this scan could not read. */
function unverified(before: RecordedFinding): RecordedFinding {
  const message = "The last scan knew this as an exempt violation, and this one could not read it.";
  const { exemption: _, ...rest } = before;
  return { ...rest, verdict: "unknown", reason: "NotVerified", message };
}

/** A finding of this scan as the record has it: violations with their age, and no pass of a distrusted account. */
function recorded(finding: Finding, distrusted: ReadonlySet<string>, startTime: string): RecordedFinding {
  if (isViolation(finding)) return { ...finding, firstSeen: startTime };
  if (finding.verdict !== "compliant" || !distrusted.has(finding.account)) return finding;
  const message = "An answer from this account was another account's, so that none of its passes counts.";
  return { ...finding, verdict: "unknown", reason: ACCOUNT_MISMATCH, message };
}

/** An exempt finding is a violation that somebody has accepted: it keeps its age. */
function isViolation({ verdict }: Pick<Finding, "verdict">): boolean {
  return verdict === "violation" || verdict === "exempt";
}

/** Whether this scan has no answer to believe about a violation of the last record. */
function isUnread(
  fold: ScanFold,
  before: RecordedFinding,
  now: RecordedFinding | undefined,
  distrusted: ReadonlySet<string>,
): boolean {
  if (distrusted.has(before.account)) return true;
  if (now !== undefined) return now.verdict === "unknown";
  if (fold.unjudged(before)) return true;
  if (fold.passed(before) || fold.gone(before)) return false;
  return fold.listing(before.account, before.region, before.type) !== "listed";
}

/** Whether the cell of an unread finding counts it already, among what could not be judged. */
function isCounted(fold: ScanFold, before: RecordedFinding, now: RecordedFinding | undefined): boolean {
  return now !== undefined || fold.passed(before) || fold.unjudged(before);
}

/** Resources that the last scan knew in a place that this one could not list count as unknown. */
function countUnread(
  fold: ScanFold,
  previous: ScanRecord,
  inScope: ScopeTest,
  distrusted: ReadonlySet<string>,
): void {
  for (const before of previous.cells) {
    if (!inScope(before)) continue;
    const listed = fold.listing(before.account, before.region, before.type) === "listed";
    if (listed && !distrusted.has(before.account)) continue;
    const cell = fold.cell(before);
    cell.unknown += Math.max(0, total(before) - total(cell));
  }
}

/** Where one answer was another account's, no pass of that account can be believed. Returns those accounts. */
function distrustMismatched(fold: ScanFold): ReadonlySet<string> {
  const mismatches = fold.failures.filter(({ reason }) => reason === ACCOUNT_MISMATCH);
  const accounts = new Set(mismatches.map(({ account }) => account));
  for (const cell of fold.cells.values()) {
    if (!accounts.has(cell.account)) continue;
    cell.unknown += cell.compliant;
    cell.compliant = 0;
  }
  return accounts;
}

/** Times of one form compare as texts. */
function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

function total(cell: VerdictCounts): number {
  return cell.compliant + cell.violations + cell.exempt + cell.unknown;
}
