import type { Logger } from "pino";
import type { ElectionOptions } from "../config/election-options.ts";
import type { Ownership } from "../controller/ownership.ts";
import { LeaderElector } from "../election/leader-elector.ts";
import { LeaseLock } from "../election/lease-lock.ts";
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

export function createLeadership(options: LeadershipOptions): Leadership {
  return options.election.mode === "leader" ? elected(options) : alone(options);
}

/** Nobody else is asked. */
function alone({ election, onActive }: LeadershipOptions): Leadership {
  return {
    ownership: { identity: election.identity, turn: () => "ours", claimsAtOnce: false },
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
    ownership: { identity, turn: () => (isActive() ? "ours" : "theirs"), claimsAtOnce: false },
    isActive,
    run: (signal) => elector.run(signal),
  };
}
