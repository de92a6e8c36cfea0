import { createHash } from "node:crypto";
import { type LeaseTiming, leaseTimingProblem } from "../api/lease-timing.ts";
import { duration, NAMESPACE_NAME, oneLine } from "./values.ts";

/** What the flags of leader election and sharding say. Durations are milliseconds. */
export interface ElectionFlags {
  readonly leaderElect: boolean;
  readonly leaderElectLeaseDuration: number;
  readonly leaderElectRenewDeadline: number;
  readonly leaderElectRetryPeriod: number;
  /** Undefined: by what is watched. */
  readonly leaderElectResourceName: string | undefined;
  /** Undefined: the operator's own. */
  readonly leaderElectResourceNamespace: string | undefined;
  readonly sharding: boolean;
}

/** How replicas divide the work, and by which Leases. */
export interface ElectionOptions {
  /** `alone`: as if there were no other. `leader`: one of them has it all. `shards`: each has its share. */
  readonly mode: "alone" | "leader" | "shards";
  readonly timing: LeaseTiming;
  /** Of the leader's Lease; those of members begin with it. */
  readonly name: string;
  readonly namespace: string;
  /** Of this process, and of no other before or after it. */
  readonly identity: string;
}

/** Where a process runs, and what it is. */
export interface ProcessFacts {
  readonly namespace: string;
  readonly hostname: string;
  /** A new one for every process: a restarted one must not take the Lease of its former life for its own. */
  readonly uuid: string;
}

const NAME = "aws-account-scan-operator";
/** A DNS-1123 subdomain that can be a label's value too. */
const LEASE_NAME = /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** How the operator's flags are declared. */
interface Declare {
  option<T>(
    flags: string,
    description: string,
    parse: (text: string) => T,
    fallback?: T,
    shown?: string,
  ): void;
  flag(flags: string, description: string, fallback?: boolean): void;
}

/** The names are those of Kubernetes' own components. */
export function addElectionOptions({ option, flag }: Declare): void {
  flag(
    "--leader-elect [boolean]",
    "of several replicas, only the one that holds a Lease scans; the others stand by",
    true,
  );
  option(
    "--leader-elect-lease-duration <duration>",
    "how long replicas that stand by wait after the last renewal that they saw, before one takes over",
    duration("1s"),
    15_000,
    "15s",
  );
  option(
    "--leader-elect-renew-deadline <duration>",
    "how long after its last renewal the leader scans and writes; then not until it has renewed, and it exits where another has taken over",
    duration("1s"),
    10_000,
    "10s",
  );
  option(
    "--leader-elect-retry-period <duration>",
    "how long replicas wait between two attempts to acquire or renew",
    duration("100ms"),
    2_000,
    "2s",
  );
  option(
    "--leader-elect-resource-name <name>",
    `name of the Lease (default: ${NAME}, and a hash of --watch-namespaces where that is set)`,
    oneLine(LEASE_NAME, "a DNS-1123 name of at most 63 characters, such as aws-account-scan-operator"),
  );
  option(
    "--leader-elect-resource-namespace <namespace>",
    "namespace of the Lease (default: the operator's own)",
    oneLine(NAMESPACE_NAME, "the name of a namespace"),
  );
  flag("--sharding [boolean]", "no leader: replicas share the scans, each of which one of them runs");
}

/** What is wrong with how the flags go together; undefined: nothing. */
export function electionProblem(flags: ElectionFlags): string | undefined {
  return leaseTimingProblem(timingOf(flags), {
    leaseDuration: "--leader-elect-lease-duration",
    renewDeadline: "--leader-elect-renew-deadline",
    retryPeriod: "--leader-elect-retry-period",
  });
}

/** What the flags come to for this process. Sharding goes before election of a leader. */
export function electionOptions(
  flags: ElectionFlags & { readonly watchNamespaces: readonly string[] | undefined },
  { namespace, hostname, uuid }: ProcessFacts,
): ElectionOptions {
  return {
    mode: flags.sharding ? "shards" : flags.leaderElect ? "leader" : "alone",
    timing: timingOf(flags),
    name: flags.leaderElectResourceName ?? defaultName(flags.watchNamespaces),
    namespace: flags.leaderElectResourceNamespace ?? namespace,
    identity: `${hostname}_${uuid}`,
  };
}

function timingOf(flags: ElectionFlags): LeaseTiming {
  return {
    leaseDurationMs: flags.leaderElectLeaseDuration,
    renewDeadlineMs: flags.leaderElectRenewDeadline,
    retryPeriodMs: flags.leaderElectRetryPeriod,
  };
}

/** Operators that watch different namespaces, as the same set in another order is not, have Leases of their own. */
function defaultName(watchNamespaces: readonly string[] | undefined): string {
  if (watchNamespaces === undefined) return NAME;
  const sorted = [...new Set(watchNamespaces)].sort().join(",");
  return `${NAME}-${createHash("sha256").update(sorted).digest("hex").slice(0, 8)}`;
}
