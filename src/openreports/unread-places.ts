import { isCovered } from "../report/assemble.ts";
import type { Coverage, ScanRecord } from "../report/record.ts";
import { placeSubject } from "./subject.ts";
import type { ObjectReference } from "./types.ts";

/** An account or region of which a record does not tell everything. */
export interface UnreadPlace extends Omit<Coverage, "state"> {
  /** Undefined where the scan did not get as far as an account. */
  readonly subject: ObjectReference | undefined;
  /** As in the coverage; `unjudged` where all was read, and more was left without a verdict than a record lists. */
  readonly state: Coverage["state"] | "unjudged";
  /** Resources without a verdict that no finding tells of. */
  readonly notListed: number;
}

/** Every hole in the coverage, and every place with unknowns that the record only counts: nothing is silently absent. */
export function unreadPlaces({ coverage, cells, findings }: ScanRecord): UnreadPlace[] {
  const hidden = new Map<string, number>();
  for (const { account, region, unknown } of cells) add(hidden, `${account} ${region}`, unknown);
  for (const { account, region, verdict } of findings)
    if (verdict === "unknown") add(hidden, `${account} ${region}`, -1);
  const places = new Map<string, UnreadPlace>();
  for (const row of coverage) {
    const key = `${row.account} ${row.region}`;
    const notListed = Math.max(0, hidden.get(key) ?? 0);
    if (!isCovered(row)) places.set(key, { ...row, subject: subjectOf(row), notListed });
  }
  for (const [key, notListed] of hidden) {
    const [account = "", region = ""] = key.split(" ");
    const place = { account, region };
    if (notListed > 0 && !places.has(key))
      places.set(key, { ...place, subject: subjectOf(place), state: "unjudged", notListed });
  }
  return [...places.values()];
}

function subjectOf({ account, region }: Pick<Coverage, "account" | "region">): ObjectReference | undefined {
  return account === "" ? undefined : placeSubject(account, region);
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
