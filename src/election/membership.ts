import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { LeaseTiming } from "../api/lease-timing.ts";
import { MEMBER_OF } from "../api/names.ts";
import { type Clock, systemClock } from "../async/clock.ts";
import type { KubeClient } from "../kube/client.ts";
import { type ElectionStats, LeaderElector } from "./leader-elector.ts";
import { LEASES, type Lease } from "./lease.ts";
import { type ElectionLock, type HeldLease, LeaseLock } from "./lease-lock.ts";
import { garbage, living, type Sightings, sight } from "./members.ts";

/** What to be a member of, as whom, and who is told. The functions should not throw: that rejects `run`. */
export interface MembershipOptions {
  readonly client: Pick<KubeClient, "get" | "create" | "update" | "list" | "delete">;
  readonly namespace: string;
  /** Of what all are members of: a label's value, and what the names of their Leases begin with. */
  readonly name: string;
  readonly identity: string;
  readonly timing: LeaseTiming;
  readonly log: Logger;
  readonly clock?: Clock;
  /** In [0, 1); `Math.random` by default. */
  readonly random?: () => number;
  /**
   * Called once it has joined, and when others have come or gone since; with none when it could not renew in time and is no
   * member until it can, and anew then.
   */
  readonly onChange?: (members: readonly string[]) => void;
  /** Called once where its Lease is another's, or was removed while it could not renew: the process must end. */
  readonly onLost?: () => void;
}

/**
 * Membership in a group of processes that share work: a Lease for each, which it renews as a leader does its own.
 *
 * A renewal is two requests, a list of all members and a write, and succeeds where both do. So whoever is a member knows
 * all others that were there a renew deadline ago, and is judged dead by them after the lease duration, when it has known
 * so itself for long; and whoever cannot look does not renew, so that nobody waits for what it does not do. One that has
 * come, or come back, looks once more, lest two that come at once both think that they are alone. It is known to itself
 * first: until the others' next renewal, it and the one that had it may both work on what it takes over.
 *
 * A membership lives once.
 */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #clock: Clock;
  readonly #elector: LeaderElector;
  #sightings: Sightings = new Map();
  #members: readonly string[] = [];
  /** Leases that were removed, or could not be: once is enough, others try too. */
  readonly #swept = new Set<string | undefined>();

  /** @throws {RangeError} where the three times do not fit each other. */
  constructor(options: MembershipOptions) {
    const { clock = systemClock, timing, log, random } = options;
    this.#options = options;
    this.#clock = clock;
    this.#elector = new LeaderElector({
      lease: this.#lock(),
      timing,
      log,
      clock,
      ...(random !== undefined && { random }),
      onStartedLeading: () => this.#tell(this.#members),
      onSuspended: () => this.#tell([]),
      onResumed: () => this.#tell(this.#members),
    });
  }

  /** Joins, and is a member until `signal` aborts: then it removes its Lease and resolves; also when it was lost. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#elector.run(signal);
    if (!signal.aborted) this.#options.onLost?.();
  }

  /** Whether this process is a member and knows the others, at the moment of the call. */
  joined(): boolean {
    return this.#elector.isLeader();
  }

  /** The identities of all living members, its own among them, sorted; none where it has not {@link joined}. */
  members(): readonly string[] {
    return this.joined() ? this.#members : [];
  }

  /** Of its own Lease. */
  stats(): ElectionStats {
    return this.#elector.stats();
  }

  /** Its own Lease, whose every write also looks at the others'. */
  #lock(): ElectionLock {
    const { client, namespace, name, identity } = this.#options;
    const lease = `${name}-${createHash("sha256").update(identity).digest("hex").slice(0, 10)}`;
    const lock = new LeaseLock({ client, namespace, name: lease, identity, labels: { [MEMBER_OF]: name } });
    const withLooks = async (signal: AbortSignal, write: () => Promise<HeldLease>) => {
      await this.#look(signal);
      const held = await write();
      if (!this.joined()) await this.#look(signal);
      return held;
    };
    return {
      identity,
      name: lock.name,
      get: (signal) => lock.get(signal),
      create: (record, signal) => withLooks(signal, () => lock.create(record, signal)),
      update: (held, record, signal) => withLooks(signal, () => lock.update(held, record, signal)),
      // Nobody waits for it, unlike for a leader's: it need not stay.
      release: async ({ object }) => {
        await client.delete(LEASES, { namespace, name: lease, uid: object.metadata.uid });
      },
    };
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { client, namespace, name, identity, timing } = this.#options;
    // The list is of some moment after this one: nobody who has renewed by then is taken for dead.
    const nowMs = this.#clock.monotonic();
    const labelSelector = `${MEMBER_OF}=${name}`;
    const { items } = await client.list<Lease>(LEASES, { namespace, labelSelector, signal });
    // A list that was given up has no say, may be older than one that was not, and no write follows it.
    signal.throwIfAborted();
    this.#sightings = sight(this.#sightings, items, this.#clock.monotonic());
    const others = living(this.#sightings, nowMs, timing.leaseDurationMs);
    const members = [...new Set([...others, identity])].sort();
    this.#sweep(nowMs);
    if (members.join("\n") === this.#members.join("\n")) return;
    this.#members = members;
    if (this.joined()) this.#tell(members);
  }

  #tell(members: readonly string[]): void {
    this.#options.log.info({ members }, "the members that share the scans");
    this.#options.onChange?.(members);
  }

  /** In the background: no renewal waits for it. */
  #sweep(nowMs: number): void {
    const { client, namespace, log } = this.#options;
    for (const { name, uid } of garbage(this.#sightings, nowMs)) {
      if (this.#swept.has(uid)) continue;
      this.#swept.add(uid);
      client.delete(LEASES, { namespace, name, uid }).then(
        () => log.info({ lease: name }, "removed the Lease of a member that is long dead"),
        (error: unknown) =>
          log.warn({ err: error, lease: name }, "the Lease of a dead member could not be removed"),
      );
    }
  }
}
