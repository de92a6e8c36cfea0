import type { KubeObject } from "../kube/client.ts";

export const LEASES = { group: "coordination.k8s.io", version: "v1", plural: "leases" };

/** The fields of a Lease that an election is about, as client-go's `LeaderElectionRecord`. */
export interface LeaseRecord {
  /** Empty: nobody's. */
  readonly holderIdentity: string;
  /** What its holder asks others to wait for; 0 where it says nothing. */
  readonly leaseDurationSeconds: number;
  /** Times of the holder's wall clock: to be compared for equality only. */
  readonly acquireTime: string | undefined;
  readonly renewTime: string | undefined;
  /** How often it came to another holder. */
  readonly leaseTransitions: number;
}

/** A `coordination.k8s.io/v1` Lease; null is what a client in Go may write for nothing. */
export interface Lease extends KubeObject {
  readonly spec?: { readonly [Field in keyof LeaseRecord]?: LeaseRecord[Field] | null | undefined };
}

/** Whoever may write Leases may leave out any field. */
export function recordOf({ spec = {} }: Lease): LeaseRecord {
  return {
    holderIdentity: spec.holderIdentity ?? "",
    leaseDurationSeconds: spec.leaseDurationSeconds ?? 0,
    acquireTime: spec.acquireTime ?? undefined,
    renewTime: spec.renewTime ?? undefined,
    leaseTransitions: spec.leaseTransitions ?? 0,
  };
}

export function sameRecord(a: LeaseRecord, b: LeaseRecord): boolean {
  return (
    a.holderIdentity === b.holderIdentity &&
    a.renewTime === b.renewTime &&
    a.acquireTime === b.acquireTime &&
    a.leaseTransitions === b.leaseTransitions &&
    a.leaseDurationSeconds === b.leaseDurationSeconds
  );
}

/**
 * Kubernetes' MicroTime of `epochMs`. The digits below a millisecond, which no clock here knows, count on from those of
 * `previous`: a renewal that changes nothing would be seen by nobody, and a wall clock that stands still or was put back
 * shows a time more than once.
 */
export function microTime(epochMs: number, previous = ""): string {
  const [, count = "999"] = /(\d{3})Z$/.exec(previous) ?? [];
  const next = String((Number(count) + 1) % 1_000).padStart(3, "0");
  return `${new Date(epochMs).toISOString().slice(0, -1)}${next}Z`;
}
