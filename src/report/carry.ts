import { ACCOUNT_MISMATCH } from "../scan/failure.ts";
import type { ScanFold } from "./fold.ts";
import { findingKey, type RecordedFinding, type ScanRecord } from "./record.ts";
import { inScope, type Scope } from "./scope.ts";

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
  distrustMismatched(fold);
  const findings = new Map<string, RecordedFinding>(fold.findings);
  for (const [key, finding] of findings) {
    if (isViolation(finding)) findings.set(key, { ...finding, firstSeen: startTime });
  }
  if (previous === undefined) return [...findings.values()];
  for (const before of previous.findings) {
    if (!isViolation(before) || !inScope(scope, fold, before)) continue;
    const key = findingKey(before);
    const now = findings.get(key);
    if (now !== undefined && isViolation(now))
      findings.set(key, { ...now, firstSeen: before.firstSeen ?? startTime });
    else if (before.verdict === "violation" && stillUnread(fold, before, now)) {
      const cell = fold.cell(before);
      if (now !== undefined) cell.unknown -= 1;
      cell.violations += 1;
      findings.set(key, { ...before, lastVerified: before.lastVerified ?? previous.scan.completionTime });
    }
  }
  countUnread(fold, previous, scope);
  return [...findings.values()];
}

/** An exempt finding is a violation that somebody has accepted: it keeps its age. */
function isViolation({ verdict }: RecordedFinding): boolean {
  return verdict === "violation" || verdict === "exempt";
}

function stillUnread(fold: ScanFold, before: RecordedFinding, now: RecordedFinding | undefined): boolean {
  if (now !== undefined) return now.verdict === "unknown";
  return !fold.disproved(before) && fold.listing(before.account, before.region, before.type) !== "listed";
}

/** Resources that the last scan knew in a place that this one could not list count as unknown. */
function countUnread(fold: ScanFold, previous: ScanRecord, scope: Scope): void {
  for (const before of previous.cells) {
    if (!inScope(scope, fold, before)) continue;
    if (fold.listing(before.account, before.region, before.type) === "listed") continue;
    const cell = fold.cell(before);
    cell.unknown += Math.max(0, total(before) - total(cell));
  }
}

/** Where one answer was another account's, no pass of that account can be believed. */
function distrustMismatched(fold: ScanFold): void {
  const accounts = fold.failures
    .filter(({ reason }) => reason === ACCOUNT_MISMATCH)
    .map(({ account }) => account);
  for (const cell of fold.cells.values()) {
    if (!accounts.includes(cell.account)) continue;
    cell.unknown += cell.compliant;
    cell.compliant = 0;
  }
}

function total(cell: { compliant: number; violations: number; exempt: number; unknown: number }): number {
  return cell.compliant + cell.violations + cell.exempt + cell.unknown;
}
