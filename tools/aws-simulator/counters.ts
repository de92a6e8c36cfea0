/** How many requests there were: of what, of whom, and how they ended. Cheap to count, summed up when asked. */
import { PeakRate } from "./peak-rate.ts";
import { type Counted, getOrMake, type Place, Places, tallyOf } from "./tallies.ts";

/** Counts since the start or the last clearing. */
export interface Counters {
  readonly total: number;
  /** Requests that would have changed something in AWS, known or not, allowed or not. */
  readonly mutations: number;
  /** Requests of operations that are not simulated. */
  readonly unknownOperations: number;
  /** By `service:operation`, then by outcome. */
  readonly operations: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By `service:operation`: how many came in its busiest second, of all accounts and regions together. */
  readonly peakPerSecond: Readonly<Record<string, number>>;
  /** The most requests that were under way at one time. */
  readonly maxConcurrent: number;
}

/** By what counts can be grouped; operations as `service:operation`. */
export const GROUPINGS = ["account", "region", "operation"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** The counts of the requests that are alike in what they are grouped by. */
export interface CounterGroup extends Partial<Readonly<Record<Grouping, string>>> {
  readonly total: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** The most requests that were under way at one time in any one region of an account. */
  readonly maxConcurrent: number;
  /** The most requests that came within one second for any one operation in a region of an account. */
  readonly peakPerSecond: number;
}

/** One request between its coming and its going. */
export interface Visit {
  place: Place | undefined;
}

export class RequestCounters {
  readonly #places = new Places();
  readonly #arrivals = new Map<string, PeakRate>();
  #concurrent = 0;
  #maxConcurrent = 0;

  /** A request has come; it must be followed by one {@link leave}. */
  enter(): Visit {
    this.#maxConcurrent = Math.max(this.#maxConcurrent, ++this.#concurrent);
    return { place: undefined };
  }

  /** It is known what it asks. */
  arrive(visit: Visit, counted: Counted, timeMs: number): void {
    const place = this.#places.of(counted);
    visit.place = place;
    place.maxConcurrent = Math.max(place.maxConcurrent, ++place.concurrent);
    const tally = tallyOf(place, counted);
    tally.arrivals.add(timeMs);
    getOrMake(this.#arrivals, tally.operation, () => new PeakRate()).add(timeMs);
  }

  /** It is known how it ends. */
  end({ place }: Visit, counted: Counted, outcome: string): void {
    if (!place) return;
    const { outcomes } = tallyOf(place, counted);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }

  /** It has gone, answered or not. */
  leave({ place }: Visit): void {
    this.#concurrent--;
    if (place) place.concurrent--;
  }

  totals(): Counters {
    const operations: Record<string, Record<string, number>> = {};
    let [total, mutations, unknownOperations] = [0, 0, 0];
    for (const { tallies } of this.#places.all()) {
      for (const { operation, outcomes, isMutating, isUnknown } of tallies.values()) {
        operations[operation] ??= {};
        const count = addUp(operations[operation], outcomes);
        total += count;
        if (isMutating) mutations += count;
        if (isUnknown) unknownOperations += count;
      }
    }
    const peakPerSecond = Object.fromEntries([...this.#arrivals].map(([name, { peak }]) => [name, peak]));
    return {
      ...{ total, mutations, unknownOperations, operations, peakPerSecond },
      maxConcurrent: this.#maxConcurrent,
    };
  }

  /** One for each combination that was asked, in the order of their names. Throws where a grouping is unknown. */
  groups(by: readonly string[]): readonly CounterGroup[] {
    const unknown = by.find((name) => !GROUPINGS.some((known) => known === name));
    if (unknown !== undefined)
      throw new Error(`counters cannot be grouped by "${unknown}"; there are ${GROUPINGS.join(", ")}`);
    const groups = new Map<string, { -readonly [K in keyof CounterGroup]: CounterGroup[K] }>();
    for (const { account, region, maxConcurrent, tallies } of this.#places.all()) {
      for (const { operation, outcomes, arrivals } of tallies.values()) {
        const names = { account, region, operation };
        const kept = GROUPINGS.filter((name) => by.includes(name));
        const key = kept.map((name) => names[name]).join(" ");
        const group = getOrMake(groups, key, () => {
          const named = Object.fromEntries(kept.map((name) => [name, names[name]]));
          return { ...named, total: 0, outcomes: {}, maxConcurrent: 0, peakPerSecond: 0 };
        });
        group.total += addUp(group.outcomes, outcomes);
        group.maxConcurrent = Math.max(group.maxConcurrent, maxConcurrent);
        group.peakPerSecond = Math.max(group.peakPerSecond, arrivals.peak);
      }
    }
    return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  }

  /** From 0 again; what is under way still counts as such. */
  clear(): void {
    this.#maxConcurrent = this.#concurrent;
    this.#arrivals.clear();
    for (const place of this.#places.all()) {
      place.maxConcurrent = place.concurrent;
      place.tallies.clear();
    }
  }
}

/** Adds `counts` to `sums` and says how many they are. */
function addUp(sums: Readonly<Record<string, number>>, counts: ReadonlyMap<string, number>): number {
  const into = sums as Record<string, number>;
  let total = 0;
  for (const [outcome, count] of counts) {
    into[outcome] = (into[outcome] ?? 0) + count;
    total += count;
  }
  return total;
}
