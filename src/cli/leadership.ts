import type { Logger } from "pino";
import type { ElectionOptions } from "../config/election-options.ts";
import type { Ownership } from "../controller/ownership.ts";
import { ShardOwnership } from "../controller/shard-ownership.ts";
import { LeaderElector } from "../election/leader-elector.ts";
import { LeaseLock } from "../election/lease-lock.ts";
import { Membership } from "../election/membership.ts";
import type { KubeClient } from "../kube/client.ts";

/** How this process comes to scan, which scans are its own, and how it ceases. */
export interface Leadership {
  readonly ownership: Ownership;
  /** Whether it may begin scans and write, at the moment of the call. */
  isActive(): boolean;
  /**
   * Comes to scan, and resolves when it has ceased for good: because another process may scan in its place, or because
   * `signal` aborted, and then others have been told.
   */
  run(signal: AbortSignal): Promise<void>;
}

export interface LeadershipOptions {
  readonly election: ElectionOptions;
  /** For Leases alone, so that no other request delays theirs. */
  readonly client: KubeClient;
  readonly log: Logger;
  /** Called once, when this process begins to scan. */
  onActive(): void;
  /** Called when it may begin scans that it could not before. */
  onChange(): void;
}

const MODES = { alone, leader: elected, shards: shared };

export function createLeadership(options: LeadershipOptions): Leadership {
  return MODES[options.election.mode](options);
}

/**
 * Whoever takes a scan from the only one that scans ends within this where it has lost its Lease; and two that were set up to
 * watch the same namespaces do not drown them.
 */
const patienceMs = () => 60_000;

/** Nobody else is asked. */
function alone({ election, onActive }: LeadershipOptions): Leadership {
  return {
    ownership: {
      identity: election.identity,
      turn: () => "ours",
      patienceMs,
      claimsAtOnce: false,
    },
    isActive: () => true,
    async run(signal) {
      onActive();
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    },
  };
}

/** All scans are the leader's. */
function elected({ election, client, log, onActive, onChange }: LeadershipOptions): Leadership {
  const { identity, name, namespace, timing } = election;
  const elector = new LeaderElector({
    lease: new LeaseLock({ client, name, namespace, identity }),
    timing,
    log,
    onStartedLeading: onActive,
    onResumed: onChange,
  });
  const isActive = () => elector.isLeader();
  return {
    // While nobody knows who leads, what runs may go on, and nothing is begun.
    ownership: {
      identity,
      turn: () => (isActive() ? "ours" : "theirs"),
      patienceMs,
      claimsAtOnce: false,
    },
    isActive,
    run: (signal) => elector.run(signal),
  };
}

/** Each scan is one member's, by who is alive. */
function shared({ election, client, log, onActive, onChange }: LeadershipOptions): Leadership {
  const { identity, name, namespace, timing } = election;
  let began = false;
  const membership = new Membership({
    client,
    name,
    namespace,
    identity,
    timing,
    log,
    onChange(members) {
      if (members.length === 0) return;
      if (began) onChange();
      else onActive();
      began = true;
    },
  });
  return {
    ownership: new ShardOwnership(identity, membership, 2 * timing.retryPeriodMs),
    isActive: () => membership.joined(),
    run: (signal) => membership.run(signal),
  };
}
