import { placeKey } from "../report/record.ts";
import type { ScanResult } from "../report/result.ts";
import { type Unread, unreadOf } from "../report/unread.ts";
import { unreadSentence } from "./unread-text.ts";

/** Whether a place was read: a finding of its own in formats whose readers know nothing but findings. */
export interface PlaceReport {
  /** Empty where no account is known at all. */
  readonly account: string;
  readonly accountName: string | undefined;
  /** Empty: the account as a whole. */
  readonly region: string;
  /** What is missing there; empty where it was read. */
  readonly holes: readonly Unread[];
  /** One or more sentences, of the holes where there are any. */
  readonly message: string;
}

/**
 * A report for every account and for every region in scope, also for those that were read: an importer that was told of
 * a hole once must hear that it is closed. What is missing of the scan as a whole is missing in each account.
 */
export function placeReports(result: ScanResult): PlaceReport[] {
  const places = new Places();
  for (const { account, accountName, region, state } of result.coverage) {
    if (account === "") continue;
    places.at(account, "").accountName = accountName;
    const place = places.at(account, region);
    place.accountName = accountName;
    place.supported = state !== "unsupported";
  }
  for (const { id, name } of result.accounts) places.at(id, "").accountName ??= name;
  const known = places.accounts();
  const everywhere = known.length > 0 ? known : [""];
  for (const hole of unreadOf(result)) {
    for (const account of hole.account === "" ? everywhere : [hole.account]) {
      places.at(account, hole.region).holes.push(hole);
    }
  }
  return places.reports();
}

interface Place {
  readonly account: string;
  readonly region: string;
  accountName: string | undefined;
  supported: boolean;
  readonly holes: Unread[];
}

/** In the order in which they are first spoken of. */
class Places {
  readonly #places = new Map<string, Place>();

  at(account: string, region: string): Place {
    const key = placeKey({ account, region });
    const place = this.#places.get(key) ?? {
      account,
      region,
      accountName: undefined,
      supported: true,
      holes: [],
    };
    this.#places.set(key, place);
    return place;
  }

  accounts(): string[] {
    return [...new Set([...this.#places.values()].map(({ account }) => account))].filter(Boolean);
  }

  reports(): PlaceReport[] {
    return [...this.#places.values()].map((place) => {
      const { account, accountName, region, holes } = place;
      return { account, accountName, region, holes, message: messageOf(place) };
    });
  }
}

function messageOf({ holes, supported, region }: Place): string {
  if (holes.length > 0) return holes.map(unreadSentence).join(" ");
  if (!supported) return "SageMaker does not exist in this region: nothing is missing.";
  return region === "" ? "The account could be looked at." : "Every list was read to its end.";
}
