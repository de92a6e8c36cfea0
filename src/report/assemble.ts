import type { FailureKind } from "../aws/errors.ts";
import { REASONS } from "../scan/failure.ts";
import { carryOver } from "./carry.ts";
import { coverageOf } from "./coverage.ts";
import type { MutableCell, ScanFold } from "./fold.ts";
import { byPlace } from "./order.ts";
import {
  type Cell,
  type Coverage,
  type FailureCount,
  type Outcome,
  placeKey,
  type ScanFacts,
  type ScanRecord,
} from "./record.ts";
import type { Scope } from "./scope.ts";

/** The facts of a scan that its events do not tell. */
export type RunFacts = Omit<ScanFacts, "outcome" | "consecutiveFailures" | "lastSuccessTime">;

/**
 * The record of a scan: its events, and what the last record knew of places that it could not read. `fold` is
 * used up. Canonically ordered, so that equal outcomes are equal records.
 */
export function assembleRecord(
  fold: ScanFold,
  previous: ScanRecord | undefined,
  scope: Scope,
  run: RunFacts,
): ScanRecord {
  const coverage = coverageOf(fold, previous, scope).sort(byPlace);
  const readAnything = [...fold.cells.values()].some(
    (cell) => cell.compliant + cell.violations + cell.exempt > 0,
  );
  const findings = carryOver(fold, previous, scope, run.startTime).sort(byPlace);
  const names = accountNames(previous, scope);
  const cells = [...fold.cells.values()]
    .filter(isKnown)
    .map((cell): Cell => ({ ...cell, accountName: names.get(cell.account) }))
    .sort(byPlace);
  const outcome = outcomeOf({ coverage, cells, findings }, readAnything);
  const failed = outcome === "Failed";
  // The clock may have been set back in between; times of one form compare as texts.
  const completionTime = run.completionTime < run.startTime ? run.startTime : run.completionTime;
  return {
    scan: {
      ...run,
      completionTime,
      outcome,
      consecutiveFailures: failed ? (previous?.scan.consecutiveFailures ?? 0) + 1 : 0,
      lastSuccessTime: failed ? previous?.scan.lastSuccessTime : completionTime,
    },
    cells,
    coverage,
    failures: [...fold.failureCounts, ...unexplained(coverage, fold.failureCounts)].sort(byPlace),
    findings,
  };
}

function outcomeOf(
  record: Pick<ScanRecord, "coverage" | "cells" | "findings">,
  readAnything: boolean,
): Outcome {
  if (isWhole(record)) return "Complete";
  return readAnything || record.coverage.some(isCovered) ? "Incomplete" : "Failed";
}

/**
 * Whether everything in scope was read: every list to its end, every resource, and every violation that was known.
 * Where there is nothing in scope, nothing was read.
 */
export function isWhole({
  coverage,
  cells,
  findings,
}: Pick<ScanRecord, "coverage" | "cells" | "findings">): boolean {
  return (
    coverage.length > 0 &&
    coverage.every(isCovered) &&
    cells.every(({ unknown }) => unknown === 0) &&
    findings.every(({ lastVerified }) => lastVerified === undefined)
  );
}

/** Names of accounts; while an organization cannot be read, those that it gave them last, since metrics carry them. */
function accountNames(
  previous: ScanRecord | undefined,
  scope: Scope,
): ReadonlyMap<string | undefined, string | undefined> {
  const before = previous?.cells.map(({ account, accountName }) => [account, accountName] as const) ?? [];
  return new Map([...before, ...scope.accounts.map(({ id, name }) => [id, name] as const)]);
}

/** A failure for every hole in the coverage that no call's failure explains. */
function unexplained(coverage: readonly Coverage[], failures: readonly FailureCount[]): FailureCount[] {
  const places = new Set(failures.map(placeKey));
  const explained = (row: Coverage) =>
    [{ account: "", region: "" }, { ...row, region: "" }, row].some((place) => places.has(placeKey(place)));
  return coverage
    .filter((row): row is Coverage & { state: FailureKind } => !isCovered(row) && !explained(row))
    .map(({ account, region, state }) => {
      const reason = REASONS[state];
      const message =
        state === "not-enabled"
          ? "The last scan knew resources in this region, which the account no longer has enabled."
          : "The scan ended without an answer from here.";
      return { account, region, operation: "DescribeRegions", reason, code: reason, message, count: 1 };
    });
}

/** A region without the service has nothing to hide. */
export function isCovered({ state }: Coverage): boolean {
  return state === "covered" || state === "unsupported";
}

function isKnown(cell: MutableCell): boolean {
  return cell.compliant + cell.violations + cell.exempt + cell.unknown > 0;
}
