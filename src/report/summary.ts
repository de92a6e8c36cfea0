import type { Cell, Coverage, ScanRecord, VerdictCounts } from "./record.ts";

/** As `status.summary`: counts of resource × rule. */
export interface Summary extends VerdictCounts {
  readonly accounts: number;
  /** Distinct names of regions that were to be scanned. */
  readonly regions: number;
  readonly resources: number;
}

/** As `status.accounts[]`. */
export interface AccountSummary extends VerdictCounts {
  readonly id: string;
  readonly name?: string | undefined;
  readonly resources: number;
}

export function summarize({ cells, coverage }: Pick<ScanRecord, "cells" | "coverage">): Summary {
  return {
    accounts: new Set(coverage.map(({ account }) => account).filter(Boolean)).size,
    regions: new Set(coverage.map(({ region }) => region).filter(Boolean)).size,
    ...totals(cells),
  };
}

/** A row for every account, those that need attention first: violations, then unknowns, then by id. */
export function summarizeAccounts({
  cells,
  coverage,
}: Pick<ScanRecord, "cells" | "coverage">): AccountSummary[] {
  const byAccount = new Map<string, { name: string | undefined; cells: Cell[]; holes: number }>();
  for (const row of [...coverage, ...cells]) {
    if (row.account === "") continue;
    const entry = byAccount.get(row.account) ?? { name: row.accountName, cells: [], holes: 0 };
    byAccount.set(row.account, entry);
    if (isCell(row)) entry.cells.push(row);
    else if (row.state !== "covered") entry.holes += 1;
  }
  return [...byAccount]
    .map(([id, entry]) => ({ id, name: entry.name, holes: entry.holes, ...totals(entry.cells) }))
    .sort(
      (a, b) =>
        b.violations - a.violations || b.unknown - a.unknown || b.holes - a.holes || (a.id < b.id ? -1 : 1),
    )
    .map(({ holes: _, ...row }) => row);
}

function isCell(row: Cell | Coverage): row is Cell {
  return "rule" in row;
}

function totals(cells: readonly Cell[]): VerdictCounts & { readonly resources: number } {
  const sum = { resources: 0, compliant: 0, violations: 0, exempt: 0, unknown: 0 };
  for (const cell of cells) {
    sum.compliant += cell.compliant;
    sum.violations += cell.violations;
    sum.exempt += cell.exempt;
    sum.unknown += cell.unknown;
  }
  sum.resources = sum.compliant + sum.violations + sum.exempt + sum.unknown;
  return sum;
}
