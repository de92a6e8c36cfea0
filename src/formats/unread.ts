import { isCovered } from "../report/assemble.ts";
import type { Coverage, CoverageState, FailureCount } from "../report/record.ts";
import type { ScanResult } from "../report/result.ts";

/**
 * - `interrupted`: somebody ended the scan
 * - `not-listed`: resources that were counted among what could not be judged, and that no finding names
 * - `nothing-in-scope`: not one place was to be read
 * - `incomplete`: the scan says so, and nothing else says why
 */
export type UnreadState = Exclude<CoverageState, "covered" | "unsupported"> | ScanHole;

type ScanHole = "interrupted" | "not-listed" | "nothing-in-scope" | "incomplete";

/** Something in scope that no finding speaks for. Formats for machines must tell each: silence would be a pass. */
export interface Unread {
  /** Empty where no account is known. */
  readonly account: string;
  readonly accountName?: string | undefined;
  /** Empty: the account as a whole. */
  readonly region: string;
  readonly state: UnreadState;
  /** One sentence, without the place. */
  readonly message: string;
}

/** All of it, in the result's own order; a place once. Empty only where every place in scope was read. */
export function unreadOf(result: ScanResult): Unread[] {
  const rows = [...unreadPlaces(result), ...placesWithoutRow(result), ...notListed(result)];
  if (result.scan.interrupted) {
    const message = "The scan was ended before it was done: what it had not reached is missing.";
    rows.unshift({ account: "", region: "", state: "interrupted", message });
  }
  if (rows.length > 0) return rows;
  if (result.coverage.length === 0) {
    const message = "Nothing was in scope, so that nothing was read.";
    return [{ account: "", region: "", state: "nothing-in-scope", message }];
  }
  if (result.scan.outcome !== "Complete" && !tellsOfUnread(result)) {
    const message = `The scan's outcome is ${result.scan.outcome}.`;
    return [{ account: "", region: "", state: "incomplete", message }];
  }
  return [];
}

/** Whether everything in scope was read and judged, by this very scan. */
export function isWhole(result: ScanResult): boolean {
  return result.scan.outcome === "Complete" && unreadOf(result).length === 0 && !tellsOfUnread(result);
}

/** The failures that took nothing from coverage, such as of tags, which only exemptions need. */
export function harmlessFailures({ coverage, failures }: ScanResult): FailureCount[] {
  const covered = new Set(coverage.filter(isCovered).map(placeKey));
  return failures.filter((failure) => covered.has(placeKey(failure)));
}

/** Whether a finding itself says that something was not read. */
function tellsOfUnread({ findings, summary }: ScanResult): boolean {
  return summary.unknown > 0 || findings.some(({ lastVerified }) => lastVerified !== undefined);
}

function unreadPlaces({ coverage, failures }: ScanResult): Unread[] {
  const failuresAt = Map.groupBy(failures, placeKey);
  return coverage.flatMap((row) => {
    const { account, accountName, region, state } = row;
    if (state === "covered" || state === "unsupported") return [];
    const told = failuresAt.get(placeKey(row)) ?? [];
    const message = told.length > 0 ? told.map(failureSentence).join(" ") : rowSentence(row);
    return [{ account, accountName, region, state, message }];
  });
}

/** Failures at places that coverage has no row for: nothing should make one, and none may be lost. */
function placesWithoutRow({ coverage, failures }: ScanResult): Unread[] {
  const rows = new Set(coverage.map(placeKey));
  const strays = Map.groupBy(
    failures.filter((failure) => !rows.has(placeKey(failure))),
    placeKey,
  );
  return [...strays.values()].map((told) => {
    const [{ account, region }] = told as [FailureCount];
    return { account, region, state: "failed", message: told.map(failureSentence).join(" ") };
  });
}

/** Unknowns beyond a scan's bound, and those that a timeout leaves, are counted and have no finding. */
function notListed({ summary, accounts, findings }: ScanResult): Unread[] {
  const listed = new Map<string, number>();
  for (const { verdict, account } of findings) {
    if (verdict === "unknown") listed.set(account, (listed.get(account) ?? 0) + 1);
  }
  let rest = summary.unknown;
  const rows: Unread[] = [];
  for (const { id, name, unknown } of accounts) {
    rest -= unknown;
    const count = unknown - (listed.get(id) ?? 0);
    if (count > 0) rows.push(uncountedRow(id, name, count));
  }
  if (rest > (listed.get("") ?? 0)) rows.push(uncountedRow("", undefined, rest - (listed.get("") ?? 0)));
  return rows;
}

function uncountedRow(account: string, accountName: string | undefined, count: number): Unread {
  const message = `${count} more could not be judged, too many or too late to be listed.`;
  return { account, accountName, region: "", state: "not-listed", message };
}

/** The failure of a call in a sentence: which, what AWS said, and how to find it again. */
export function failureSentence({
  operation,
  code,
  message,
  requestId,
  count,
}: Pick<FailureCount, "operation" | "code" | "message" | "requestId" | "count">): string {
  const times = count > 1 ? `, ${count} times` : "";
  const request = requestId === undefined ? "" : ` (request ${requestId})`;
  return `${operation} failed${times} with ${code}: ${message}${request}`;
}

function rowSentence({ operation, code = "", message = "", requestId }: Coverage): string {
  if (operation === undefined) return "Nobody spoke of it: it was not looked at.";
  return failureSentence({ operation, code, message, requestId, count: 1 });
}

function placeKey({ account, region }: Pick<Coverage, "account" | "region">): string {
  return `${account} ${region}`;
}

/** `eu-west-1 of account 444455556666`, as far as it is known. */
export function placeText({ account, region }: Pick<Coverage, "account" | "region">): string {
  if (account === "") return region === "" ? "the scan" : region;
  return region === "" ? `account ${account}` : `${region} of account ${account}`;
}
