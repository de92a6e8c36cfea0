import { COLLECTED_TYPES } from "../rules/resource.ts";
import type { Failure } from "../scan/events.ts";
import type { ScanFold } from "./fold.ts";
import type { Coverage, ScanRecord } from "./record.ts";
import { type Scope, scopeTest } from "./scope.ts";

/** What a row says of its place. */
type CoverageFacts = Omit<Coverage, "account" | "accountName" | "region">;

/**
 * What this scan read of its scope, a row for every account and region, and one with an empty region for an
 * account that could not be read as a whole. A place is covered where every list was read to its end and everything
 * listed was described or gone: whatever nobody spoke of is not.
 */
export function coverageOf(fold: ScanFold, previous: ScanRecord | undefined, scope: Scope): Coverage[] {
  const rows: Coverage[] = [];
  const known = knownRegions(fold, previous, scope);
  if (scope.openEnded === true || scope.accounts.length === 0) {
    rows.push({ account: "", region: "", ...factsOf(fold.failuresAt("", "")[0]) });
  }
  for (const target of scope.accounts) {
    const ids = target.id === undefined ? [...fold.accounts.keys()] : [target.id];
    if (ids.length === 0) ids.push("");
    for (const account of ids) rows.push(...accountCoverage(fold, account, target.name, known.get(account)));
  }
  return rows;
}

function accountCoverage(
  fold: ScanFold,
  account: string,
  accountName: string | undefined,
  known: ReadonlySet<string> | undefined,
): Coverage[] {
  const opened = fold.accounts.get(account);
  const wholeAccount = fold.failuresAt(account, "")[0];
  const rows: Coverage[] = [];
  if (opened === undefined || wholeAccount !== undefined) {
    const failure = wholeAccount ?? fold.failuresAt("", "")[0];
    rows.push({ account, accountName, region: "", ...factsOf(failure) });
  }
  for (const region of opened?.regions ?? []) {
    rows.push({ account, accountName, region, ...factsOfRegion(fold, account, region) });
  }
  if (opened !== undefined && wholeAccount === undefined) {
    // Where the last scan knew resources and the account no longer has the region enabled, they are still there.
    const lost = [...(known ?? [])].filter((region) => !opened.regions.includes(region));
    for (const region of lost) rows.push({ account, accountName, region, state: "not-enabled" });
  }
  return rows;
}

function factsOfRegion(fold: ScanFold, account: string, region: string): CoverageFacts {
  const listings = COLLECTED_TYPES.map((type) => fold.listing(account, region, type));
  if (listings.every((listing) => listing === "unsupported")) return { state: "unsupported" };
  const inRegion = fold.failuresAt(account, region);
  // A list's failure says more of the region than that of one resource; tags that cannot be read exempt nothing.
  const list = inRegion.find(({ operation }) => /^List(?!Tags)/.test(operation));
  const hole = list ?? inRegion.find(({ operation }) => operation !== "ListTags");
  if (!listings.includes("missing") && hole === undefined) return { state: "covered" };
  return factsOf(hole ?? fold.failuresAt(account, "")[0]);
}

/**
 * A failure's kind and what AWS said; one that says `unsupported` is still a failure: only lists can tell that there
 * is no service.
 */
function factsOf(failure: Failure | undefined): CoverageFacts {
  if (failure === undefined) return { state: "failed" };
  const { kind, operation, code, message, requestId } = failure;
  const state = kind === "unsupported" ? "failed" : kind;
  return { state, operation, code, message, requestId };
}

/** By account, the regions in scope where the last scan knew resources. */
function knownRegions(
  fold: ScanFold,
  previous: ScanRecord | undefined,
  scope: Scope,
): Map<string, Set<string>> {
  const inScope = scopeTest(scope, fold);
  const known = new Map<string, Set<string>>();
  for (const cell of previous?.cells.filter(inScope) ?? []) {
    const regions = known.get(cell.account) ?? new Set();
    known.set(cell.account, regions.add(cell.region));
  }
  return known;
}
