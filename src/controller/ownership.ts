import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { KubeError } from "../kube/client.ts";

/** Who works on a scan, as its status and its record say. */
export interface Owner {
  /** A name that no other process has, nor this one in another life. */
  readonly identity: string;
  /** Counts the processes that owned the scan one after the other. */
  readonly epoch: number;
}

/** Whose a scan is at the moment. */
export type Turn =
  /** This process works on it. */
  | "ours"
  /** Another process does, or will: what is under way here may end, and nothing is begun. */
  | "theirs"
  /** It becomes ours, and the process that has it is given until then (ms since the epoch) to end what it does. */
  | { readonly from: number };

/** Which scans this process works on. */
export interface Ownership {
  readonly identity: string;
  turn(scan: AwsAccountScan, nowMs: number): Turn;
  /** How long (ms) a scan of ours is left to a process that has taken it all the same, before it is taken back. */
  patienceMs(identity: string): number;
  /**
   * Whether a scan is claimed, by a write to its status, before anything is to be written. Needed where the process that has
   * it is alive; where there is one that works, a claim goes with the first write, and a restart writes nothing.
   */
  readonly claimsAtOnce: boolean;
}

/** The owner that follows all that were seen. */
export function ownerAfter(identity: string, seen: readonly (Owner | undefined)[]): Owner {
  return { identity, epoch: 1 + Math.max(0, ...seen.map((owner) => owner?.epoch ?? 0)) };
}

/** Whether another process has taken over what `owner` had. */
export function isSuperseded(owner: Owner, seen: Owner | undefined): boolean {
  return seen !== undefined && seen.identity !== owner.identity && seen.epoch >= owner.epoch;
}

/** Another process has written what this one was about to: all that it knows of the scan is void, and it must look again. */
export class SupersededError extends Error {
  override readonly name = "SupersededError";
}

/** The resource has changed since it was looked at: what was to be written may no longer be so, and it must look again. */
export class StaleViewError extends Error {
  override readonly name = "StaleViewError";
}

/** The API server's refusal of a write by a process whose scan another has taken over: a rule of our definitions says so. */
export function isOwnerRefusal(error: unknown): boolean {
  return error instanceof KubeError && error.status === 422 && error.message.includes(TAKEN_OVER);
}

/** As in deploy/crds. */
const TAKEN_OVER = "another process has taken this scan over";
