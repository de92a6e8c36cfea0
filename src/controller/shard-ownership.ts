import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { ownerOf } from "../election/ring.ts";
import type { Ownership, Turn } from "./ownership.ts";
import { isWithin } from "./wall-clock.ts";

/** The processes that share the scans. */
export interface Members {
  /** The identities of those that are alive, this one's among them once it takes part. */
  members(): readonly string[];
}

/** A scan that runs when its owner changes may run on for so long; then the new owner begins it anew. */
export const HAND_OVER_MS = 60_000;

/**
 * Shares the scans with other processes, each scan being one's at a time. Who it should be follows from who is alive; who it
 * is, from the scan's status: the one claims it there as soon as the other has ended the scan that runs, if any.
 */
export class ShardOwnership implements Ownership {
  readonly identity: string;
  readonly claimsAtOnce = true;
  readonly #members: Members;
  readonly #agreementMs: number;
  /** Since when (ms) the owners before us have been given time, by the UID of the scan. */
  readonly #handOvers = new Map<string, number>();

  /** `agreementMs`: after which all members know of one that has come or gone. */
  constructor(identity: string, members: Members, agreementMs: number) {
    this.identity = identity;
    this.#members = members;
    this.#agreementMs = agreementMs;
  }

  turn({ metadata: { uid }, status }: AwsAccountScan, nowMs: number): Turn {
    const members = this.#members.members();
    const owner = status?.owner?.identity;
    if (ownerOf(members, uid) !== this.identity) {
      this.#handOvers.delete(uid);
      return "theirs";
    }
    const isHandedOver =
      owner === undefined ||
      owner === this.identity ||
      !members.includes(owner) ||
      status?.currentScan === undefined;
    const since = this.#handOvers.get(uid) ?? nowMs;
    if (isHandedOver || !isWithin(HAND_OVER_MS, since, nowMs)) {
      this.#handOvers.delete(uid);
      return "ours";
    }
    this.#handOvers.set(uid, since);
    return { from: since + HAND_OVER_MS };
  }

  /** One that lives did not know yet to whom the scan falls. */
  patienceMs(identity: string): number {
    return this.#members.members().includes(identity) ? this.#agreementMs : 0;
  }
}
