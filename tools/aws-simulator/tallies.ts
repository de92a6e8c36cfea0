/** Where requests are counted: each operation in each region of each account. */
import type { ServiceName } from "./errors.ts";
import { PeakRate } from "./peak-rate.ts";

export interface Tally {
  /** `service:operation` */
  readonly operation: string;
  readonly isMutating: boolean;
  readonly isUnknown: boolean;
  readonly arrivals: PeakRate;
  readonly outcomes: Map<string, number>;
}

/** A region of an account; empty names where the request was nobody's. */
export interface Place {
  readonly account: string;
  readonly region: string;
  concurrent: number;
  maxConcurrent: number;
  readonly tallies: Map<string, Tally>;
}

/** What is asked, as far as it counts. */
export interface Counted {
  readonly service: ServiceName | undefined;
  readonly operation: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** Whether the operation is not simulated. */
  readonly isUnknown: boolean;
}

/** The places that have been asked. */
export class Places {
  readonly #byAccount = new Map<string, Map<string, Place>>();

  *all(): Iterable<Place> {
    for (const regions of this.#byAccount.values()) yield* regions.values();
  }

  /** The region of the account, made where it has not been asked before. */
  of({ account = "", region = "" }: Counted): Place {
    const regions = getOrMake(this.#byAccount, account, () => new Map<string, Place>());
    return getOrMake(regions, region, () => ({
      account,
      region,
      concurrent: 0,
      maxConcurrent: 0,
      tallies: new Map(),
    }));
  }
}

/** The tally of an operation, made where it has not been asked before. */
export function tallyOf({ tallies }: Place, { service, operation, isUnknown }: Counted): Tally {
  const name = `${service ?? "unknown"}:${operation}`;
  return getOrMake(tallies, name, () => ({
    operation: name,
    isMutating: !isReading(operation),
    isUnknown,
    arrivals: new PeakRate(),
    outcomes: new Map(),
  }));
}

/** What `map` holds for `key`, or else what is made for it now. */
export function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** Whether an operation of this name only reads; roles are assumed without changing anything. */
export function isReading(operation: string): boolean {
  return /^(List|Describe|Get|Search|Query|BatchGet|BatchDescribe|AssumeRole)/.test(operation);
}
