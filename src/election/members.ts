import { expiresAtMs, type Observation, observe } from "./decide.ts";
import { type Lease, recordOf } from "./lease.ts";

/** A member's Lease, and since when it is known to be like that, by the clock of this process. */
export interface Sighting extends Observation {
  readonly name: string;
  readonly uid: string | undefined;
}

/** By the name of the Lease. */
export type Sightings = ReadonlyMap<string, Sighting>;

/** What nobody has renewed for so long is removed: its process ended without removing it. */
const GARBAGE_MS = 3_600_000;

/** Takes notice of all members' Leases as they were listed at `atMs`; those that are gone are forgotten. */
export function sight(before: Sightings, leases: readonly Lease[], atMs: number): Sightings {
  return new Map(
    leases.map((lease) => {
      const { name, uid } = lease.metadata;
      return [name, { ...observe(before.get(name), recordOf(lease), atMs), name, uid }];
    }),
  );
}

/** The identities of those whose Lease is in force at `nowMs`, sorted. */
export function living(sightings: Sightings, nowMs: number, leaseDurationMs: number): string[] {
  const alive = [...sightings.values()].filter((each) => nowMs < expiresAtMs(each, leaseDurationMs));
  const identities = new Set(alive.map(({ record }) => record.holderIdentity));
  identities.delete("");
  return [...identities].sort();
}

/** Leases that nobody comes back to. */
export function garbage(sightings: Sightings, nowMs: number): Sighting[] {
  return [...sightings.values()].filter(({ atMs }) => nowMs - atMs >= GARBAGE_MS);
}
