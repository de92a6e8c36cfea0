import { isCovered } from "./assemble.ts";
import { type Coverage, type CoverageState, type FailureCount, placeKey, type ScanRecord } from "./record.ts";
import type { ScanResult } from "./result.ts";

/** `not-listed`: all was read, and more was left without a verdict than findings tell of. */
export type UnreadState = Exclude<CoverageState, "covered" | "unsupported"> | "not-listed";

export type UnreadCause = Pick<FailureCount, "operation" | "code" | "message" | "requestId" | "count">;

/** An account or a region in scope that the findings do not tell everything of: silence would be a pass. */
export interface UnreadPlace<State = UnreadState> {
  /** Empty where no account is known. */
  readonly account: string;
  readonly accountName?: string | undefined;
  /** Empty: the account as a whole. */
  readonly region: string;
  readonly state: State;
  /** What made the state; undefined where nobody spoke of the place. */
  readonly cause: UnreadCause | undefined;
  /** Every failure there, the cause among them. */
  readonly failures: readonly UnreadCause[];
  /** Resources without a verdict that no finding tells of. */
  readonly notListed: number;
}

/** Unknowns at a place, as cells or accounts count them. */
interface UnknownCount extends Pick<Coverage, "account" | "accountName" | "region"> {
  readonly unknown: number;
}

/**
 * What a record does not tell, a place once: holes in its coverage, failures that no row of it has, and unknowns that
 * are counted and not listed, those beyond a scan's bound and those that a timeout leaves.
 */
export function unreadPlaces(record: Pick<ScanRecord, "coverage" | "failures" | "cells" | "findings">) {
  return placesOf(record, record.cells, ({ region }) => region);
}

/**
 * - `interrupted`: somebody ended the scan
 * - `nothing-in-scope`: not one place was to be read
 * - `incomplete`: the scan says so, and nothing else says why
 */
export type ScanHole = "interrupted" | "nothing-in-scope" | "incomplete";

export type Unread = UnreadPlace<UnreadState | ScanHole>;

/**
 * As {@link unreadPlaces}, of a result, which counts unknowns by account; and what the scan as a whole lacks. Empty only
 * where every place in scope was read.
 */
export function unreadOf(result: ScanResult): Unread[] {
  const { scan, summary, findings, coverage } = result;
  const counted = result.accounts.map(({ id, name, unknown }) => {
    return { account: id, accountName: name, region: "", unknown };
  });
  const elsewhere = summary.unknown - counted.reduce((sum, { unknown }) => sum + unknown, 0);
  const counts = [...counted, { account: "", region: "", unknown: elsewhere }];
  const places: Unread[] = placesOf(result, counts, () => "");
  if (scan.interrupted) return [ofScan("interrupted"), ...places];
  if (places.length > 0) return places;
  if (coverage.length === 0) return [ofScan("nothing-in-scope")];
  const isTold = summary.unknown > 0 || findings.some(({ lastVerified }) => lastVerified !== undefined);
  return scan.outcome === "Complete" || isTold ? [] : [ofScan("incomplete")];
}

function ofScan(state: ScanHole): Unread {
  return { account: "", region: "", state, cause: undefined, failures: [], notListed: 0 };
}

/** The failures that took nothing from coverage, such as of tags, which only exemptions need. */
export function harmlessFailures({
  coverage,
  failures,
}: Pick<ScanRecord, "coverage" | "failures">): FailureCount[] {
  const covered = new Set(coverage.filter(isCovered).map(placeKey));
  return failures.filter((failure) => covered.has(placeKey(failure)));
}

function placesOf(
  { coverage, failures, findings }: Pick<ScanRecord, "coverage" | "failures" | "findings">,
  counts: readonly UnknownCount[],
  /** The region under which `counts` has a finding. */
  regionOf: (finding: Pick<Coverage, "region">) => string,
): UnreadPlace[] {
  const hidden = hiddenUnknowns(counts, findings, regionOf);
  const failuresAt = Map.groupBy(failures, placeKey);
  const rows = new Set(coverage.map(placeKey));
  const places = new Map<string, UnreadPlace>();
  for (const row of coverage) {
    const { account, accountName, region, state } = row;
    if (state === "covered" || state === "unsupported") continue;
    const told = failuresAt.get(placeKey(row)) ?? [];
    const cause = causeOf(row) ?? told[0];
    const all = told.length === 0 && cause !== undefined ? [cause] : told;
    add({ account, accountName, region, state, cause, failures: all });
  }
  // Nothing should make a failure without a row, and none may be lost.
  for (const [key, told] of failuresAt) {
    const [cause] = told;
    if (cause === undefined || rows.has(key)) continue;
    add({ account: cause.account, region: cause.region, state: "failed", cause, failures: told });
  }
  for (const [key, { account, accountName, region }] of hidden)
    if (!places.has(key))
      add({ account, accountName, region, state: "not-listed", cause: undefined, failures: [] });
  return [...places.values()];

  function add(place: Omit<UnreadPlace, "notListed">): void {
    const key = placeKey(place);
    places.set(key, { ...place, notListed: hidden.get(key)?.unknown ?? 0 });
  }
}

/** By place: unknowns beyond those that findings tell of; only places that have some. */
function hiddenUnknowns(
  counts: readonly UnknownCount[],
  findings: ScanRecord["findings"],
  regionOf: (finding: Pick<Coverage, "region">) => string,
): Map<string, UnknownCount> {
  const listed = new Map<string, number>();
  for (const { verdict, account, region } of findings) {
    if (verdict !== "unknown") continue;
    const key = placeKey({ account, region: regionOf({ region }) });
    listed.set(key, (listed.get(key) ?? 0) + 1);
  }
  const hidden = new Map<string, UnknownCount>();
  for (const count of counts) {
    const key = placeKey(count);
    const unknown = (hidden.get(key)?.unknown ?? -(listed.get(key) ?? 0)) + count.unknown;
    hidden.set(key, { ...count, unknown });
  }
  return new Map([...hidden].filter(([, { unknown }]) => unknown > 0));
}

function causeOf({ operation, code = "", message = "", requestId }: Coverage): UnreadCause | undefined {
  return operation === undefined ? undefined : { operation, code, message, requestId, count: 1 };
}
