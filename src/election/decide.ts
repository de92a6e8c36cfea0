import { type LeaseRecord, microTime, sameRecord } from "./lease.ts";

/** A record, and since when, by this process' monotonic clock, it is known to be like that. */
export interface Observation {
  readonly record: LeaseRecord;
  readonly atMs: number;
}

/** What a decision is made on. */
export interface View {
  readonly identity: string;
  readonly leaseDurationMs: number;
  /** Whether this process leads, as far as it knows. */
  readonly leading: boolean;
  /** Whether there is a Lease; what it says is the observation. */
  readonly exists: boolean;
  readonly seen: Observation | undefined;
  /** By the clock of the observation, and not after the moment at which the Lease was known to be so. */
  readonly nowMs: number;
  /** The wall clock's, for those who read the Lease; milliseconds since the epoch. */
  readonly wallMs: number;
}

/** What to do about the Lease. */
export type Action =
  | { readonly kind: "create" | "update"; readonly record: LeaseRecord }
  /** Another's, and in force until then, by the clock of the observation. */
  | { readonly kind: "wait"; readonly untilMs: number }
  /** It was ours and is another's, or nobody's. */
  | { readonly kind: "lost"; readonly holder: string };

/** `int32`, beyond which the API server takes no number of transitions. */
const MAX_TRANSITIONS = 2 ** 31 - 1;

/** Takes notice of `record`, read at `atMs`: what says the same as before is as old as it was. */
export function observe(seen: Observation | undefined, record: LeaseRecord, atMs: number): Observation {
  return seen !== undefined && sameRecord(seen.record, record) ? seen : { record, atMs };
}

/** When others may take over what was observed: its holder's word, not ours, which may be configured otherwise. */
export function expiresAtMs({ record, atMs }: Observation, leaseDurationMs: number): number {
  return atMs + (record.leaseDurationSeconds > 0 ? record.leaseDurationSeconds * 1_000 : leaseDurationMs);
}

/**
 * client-go's rules, by what was observed and when; times that other machines wrote are never compared with a clock of
 * ours. In one point it is more careful: a Lease that is gone is not made anew while the holder that it had last may
 * still believe in it, and what is made anew goes on counting, where anybody remembers.
 */
export function decide(view: View): Action {
  const { identity, leaseDurationMs, leading, exists, seen, nowMs } = view;
  const holder = seen?.record.holderIdentity ?? "";
  if (seen !== undefined && holder === identity) {
    // Ours, known or not: the answer to the write that made it ours may have been lost.
    return { kind: exists ? "update" : "create", record: renewed(view, seen.record) };
  }
  if (leading) return { kind: "lost", holder };
  if (seen !== undefined && holder !== "") {
    const untilMs = expiresAtMs(seen, leaseDurationMs);
    if (nowMs < untilMs) return { kind: "wait", untilMs };
  }
  return { kind: exists ? "update" : "create", record: acquired(view, seen?.record) };
}

/** The record of a renewal: a new time, and all else as it was. */
export function renewed(
  { identity, leaseDurationMs, wallMs }: Pick<View, "identity" | "leaseDurationMs" | "wallMs">,
  { acquireTime, renewTime, leaseTransitions }: LeaseRecord,
): LeaseRecord {
  const now = microTime(wallMs, renewTime);
  return {
    holderIdentity: identity,
    leaseDurationSeconds: wholeSeconds(leaseDurationMs),
    acquireTime: acquireTime ?? now,
    renewTime: now,
    leaseTransitions,
  };
}

/** The record of one that comes to `identity`. */
function acquired({ identity, leaseDurationMs, wallMs }: View, before: LeaseRecord | undefined): LeaseRecord {
  const now = microTime(wallMs, before?.renewTime);
  return {
    holderIdentity: identity,
    leaseDurationSeconds: wholeSeconds(leaseDurationMs),
    acquireTime: now,
    renewTime: now,
    leaseTransitions: before === undefined ? 0 : Math.min(before.leaseTransitions + 1, MAX_TRANSITIONS),
  };
}

/** The record of one that is let go, as client-go writes it: whoever sees it may take it at once. */
export function released({ leaseTransitions, renewTime }: LeaseRecord, wallMs: number): LeaseRecord {
  const now = microTime(wallMs, renewTime);
  return { holderIdentity: "", leaseDurationSeconds: 1, acquireTime: now, renewTime: now, leaseTransitions };
}

/** Never less than is meant: others would come too early. */
function wholeSeconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
