import { COLLECTED_TYPES } from "../rules/resource.ts";
import type { Failure } from "../scan/events.ts";
import type { ScanFold } from "./fold.ts";
import type { Coverage, CoverageState, ScanRecord } from "./record.ts";
import { inScope, type Scope } from "./scope.ts";

/**
 * What this scan read of its scope, a row for every account and region, and one with an empty region for an
 * account that could not be read as a whole. A place is covered where every list was read to its end: whatever
 * nobody spoke of is not.
 */
export function coverageOf(fold: ScanFold, previous: ScanRecord | undefined, scope: Scope): Coverage[] {
  const rows: Coverage[] = [];
  if (scope.openEnded === true || scope.accounts.length === 0) {
    const failure = fold.failures.find(({ account }) => account === "");
    rows.push({ account: "", region: "", state: failure?.kind ?? "failed" });
  }
  for (const target of scope.accounts) {
    const ids = target.id === undefined ? [...fold.accounts.keys()] : [target.id];
    if (ids.length === 0) ids.push("");
    for (const account of ids) rows.push(...accountCoverage(fold, previous, scope, account, target.name));
  }
  return rows;
}

function accountCoverage(
  fold: ScanFold,
  previous: ScanRecord | undefined,
  scope: Scope,
  account: string,
  accountName: string | undefined,
): Coverage[] {
  const opened = fold.accounts.get(account);
  const wholeAccount = fold.failures.find((failure) => failure.account === account && failure.region === "");
  const rows: Coverage[] = [];
  if (opened === undefined || wholeAccount !== undefined) {
    const failure = wholeAccount ?? fold.failures.find((candidate) => candidate.account === "");
    rows.push({ account, accountName, region: "", state: failure?.kind ?? "failed" });
  }
  for (const region of opened?.regions ?? []) {
    rows.push({ account, accountName, region, state: regionState(fold, account, region) });
  }
  if (opened !== undefined && wholeAccount === undefined) {
    for (const region of lostRegions(fold, previous, scope, account, opened.regions)) {
      rows.push({ account, accountName, region, state: "not-enabled" });
    }
  }
  return rows;
}

function regionState(fold: ScanFold, account: string, region: string): CoverageState {
  const listings = COLLECTED_TYPES.map((type) => fold.listing(account, region, type));
  if (listings.every((listing) => listing === "unsupported")) return "unsupported";
  if (!listings.includes("missing")) return "covered";
  const inRegion = (failure: Failure) => failure.account === account && failure.region === region;
  const lists = fold.failures.filter((failure) => inRegion(failure) && failure.operation.startsWith("List"));
  const failure =
    lists[0] ??
    fold.failures.find(inRegion) ??
    fold.failures.find((candidate) => candidate.account === account);
  return failure?.kind ?? "failed";
}

/** Regions where the last scan knew resources and that the account no longer has enabled: those are still there. */
function lostRegions(
  fold: ScanFold,
  previous: ScanRecord | undefined,
  scope: Scope,
  account: string,
  regions: readonly string[],
): string[] {
  const known = (previous?.cells ?? [])
    .filter(
      (cell) => cell.account === account && !regions.includes(cell.region) && inScope(scope, fold, cell),
    )
    .map((cell) => cell.region);
  return [...new Set(known)];
}
