import type { Logger } from "pino";
import { JITTER_FACTOR, type LeaseTiming, leaseTimingProblem } from "../api/lease-timing.ts";
import { type Clock, systemClock } from "../async/clock.ts";
import { within } from "../async/within.ts";
import { isAlreadyExists, isConflict, isNotFound } from "../kube/client.ts";
import { hintOf } from "../kube/errors.ts";
import { type Action, decide, type Observation, observe, released, renewed } from "./decide.ts";
import type { LeaseRecord } from "./lease.ts";
import type { ElectionLock, HeldLease } from "./lease-lock.ts";

/** What is elected for, how it is timed, and who is told. The functions should not throw: that rejects `run`. */
export interface LeaderElectorOptions {
  readonly lease: ElectionLock;
  readonly timing: LeaseTiming;
  readonly log: Logger;
  readonly clock?: Clock;
  /** In [0, 1); `Math.random` by default. */
  readonly random?: () => number;
  /** Called once, when this process leads. */
  readonly onStartedLeading?: () => void;
  /** Called when it leads no longer, since it could not renew in time, and may lead again. `isLeader()` is false already. */
  readonly onSuspended?: () => void;
  /** Called when it leads again: nobody else has in between. */
  readonly onResumed?: () => void;
  /** Called once where it led: the Lease is lost, or is about to be released. `isLeader()` is false already. */
  readonly onStoppedLeading?: () => void;
  /** Called when another identity than before was seen to hold the Lease; with this process' own, too. */
  readonly onNewLeader?: (identity: string) => void;
}

/** The election in numbers, for metrics. */
export interface ElectionStats {
  readonly leading: boolean;
  /** How often the Lease came to another holder, as it says; undefined before it was first read. */
  readonly transitions: number | undefined;
  /** Attempts of the leader to renew. */
  readonly renewals: number;
  readonly renewalFailures: number;
}

/** The longest that the process waits to let the Lease go: others take it all the same, when it runs out. */
const RELEASE_MS = 3_000;
/** Conflicts with a write of our own that was given up and is carried out late. */
const RELEASE_TRIES = 3;
/** Of a retry period: those who wait for a Lease to run out do not all come at that moment. */
const EXPIRY_JITTER = 0.1;

/** What an attempt came to. `failed`: nothing is known to have changed. */
type Attempt =
  | { readonly kind: "held" }
  | { readonly kind: "lost"; readonly reason: string }
  | { readonly kind: "wait"; readonly untilMs: number }
  | { readonly kind: "failed"; readonly error: unknown };

/**
 * Leader election by client-go's rules (`tools/leaderelection`): whoever holds the Lease and keeps renewing it leads. Save for
 * one: who could not renew in time leads no longer, but goes on trying, and leads again where the Lease still has his name.
 * It is lost when it has another's.
 *
 * At most one believes to lead: a leader does so until its renew deadline after the moment at which it *sent* its last
 * successful renewal, which is before anybody can have seen it; others come when they have seen none for the lease
 * duration. This holds while clocks run at rates whose ratio is below lease duration to renew deadline; what they show
 * does not matter. `isLeader()` compares with the clock at each call, so that a process that was stopped (SIGSTOP) or
 * busy for too long knows it before its timers do. The monotonic clock of Linux stands still while a machine is
 * suspended, and nothing in the process can tell: what a leader writes must carry its epoch.
 *
 * An elector lives once.
 */
export class LeaderElector {
  readonly #options: LeaderElectorOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  /** Two attempts fit into a renew deadline, as controller-runtime has it. */
  readonly #requestTimeoutMs: number;
  #began = false;
  /** Whether the Lease was ours, and is not known to be another's. */
  #claims = false;
  /** What the next write can be based on; undefined: the Lease must be read first. */
  #held: HeldLease | undefined;
  #seen: Observation | undefined;
  /** Until when this process leads; undefined: it does not, or has not yet. */
  #untilMs: number | undefined;
  /** Whether a write was given up that may make the Lease ours all the same. */
  #unsure = false;
  #reported: string | undefined;
  #failures = 0;
  #renewals = 0;
  #renewalFailures = 0;

  /** @throws {RangeError} where the three times do not fit each other. */
  constructor(options: LeaderElectorOptions) {
    const problem = leaseTimingProblem(options.timing);
    if (problem !== undefined) throw new RangeError(problem);
    const { clock = systemClock, random = Math.random } = options;
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
    this.#requestTimeoutMs = options.timing.renewDeadlineMs / 2;
  }

  /** Whether this process leads, at the moment of the call. */
  isLeader(): boolean {
    return this.#untilMs !== undefined && this.#clock.monotonic() < this.#untilMs;
  }

  /** Until when it leads unless it renews before, by the monotonic clock (`performance.now()`); undefined: it does not. */
  leadsUntil(): number | undefined {
    return this.isLeader() ? this.#untilMs : undefined;
  }

  /** The identity that was last seen to hold the Lease: for people, not for decisions. */
  get leader(): string | undefined {
    return this.#seen?.record.holderIdentity || undefined;
  }

  stats(): ElectionStats {
    return {
      leading: this.isLeader(),
      transitions: this.#seen?.record.leaseTransitions,
      renewals: this.#renewals,
      renewalFailures: this.#renewalFailures,
    };
  }

  /**
   * Waits to lead, then leads. Resolves when the Lease is another's, which ends it for good; or, where `signal` aborts, once
   * the Lease is released: what only a leader may do must have ended before.
   */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#began) throw new Error("an elector lives once");
    this.#began = true;
    const { log, onStartedLeading, onStoppedLeading } = this.#options;
    await this.#acquire(signal);
    if (signal.aborted || this.#untilMs === undefined) {
      this.#untilMs = undefined;
      if (this.#held !== undefined || this.#unsure) await this.#release();
      return;
    }
    log.info(this.#facts(), "this process holds the Lease");
    this.#claims = true;
    onStartedLeading?.();
    const lost = await this.#renew(signal);
    this.#untilMs = undefined;
    this.#claims = false;
    if (lost !== undefined)
      log.error({ ...this.#facts(), reason: lost }, "this process holds the Lease no longer");
    onStoppedLeading?.();
    if (lost === undefined) await this.#release();
  }

  async #acquire(signal: AbortSignal): Promise<void> {
    this.#options.log.info(this.#facts(), "waiting for the Lease");
    while (!signal.aborted) {
      const attempt = await this.#attempt(signal);
      this.#report();
      if (attempt.kind === "held" || signal.aborted) return;
      if (attempt.kind === "failed")
        this.#tell(attempt.error, "the Lease could not be acquired, trying again");
      await this.#sleep(this.#waitMs(attempt), signal);
    }
  }

  /** client-go's jittered retry; and not beyond the moment at which the Lease runs out. */
  #waitMs(attempt: Attempt): number {
    const { retryPeriodMs } = this.#options.timing;
    const retryMs = retryPeriodMs * (1 + this.#random() * JITTER_FACTOR);
    if (attempt.kind !== "wait") return retryMs;
    const jitterMs = this.#random() * EXPIRY_JITTER * retryPeriodMs;
    return Math.min(retryMs, Math.max(0, attempt.untilMs - this.#clock.monotonic()) + jitterMs);
  }

  /** Resolves to why the Lease is lost; to undefined where `signal` aborted. */
  async #renew(signal: AbortSignal): Promise<string | undefined> {
    const { timing, log, onResumed } = this.#options;
    for (;;) {
      await this.#sleep(Math.min(timing.retryPeriodMs, this.#leftMs()), signal);
      if (signal.aborted) return undefined;
      if (!this.isLeader()) this.#suspend();
      const suspended = this.#untilMs === undefined;
      this.#renewals += 1;
      const attempt = await this.#attempt(signal);
      this.#report();
      if (signal.aborted) return undefined;
      if (attempt.kind === "lost") return attempt.reason;
      if (suspended && this.isLeader()) {
        log.info(this.#facts(), "this process leads again: nobody has in between");
        onResumed?.();
      }
      if (attempt.kind === "failed") {
        this.#renewalFailures += 1;
        this.#tell(attempt.error, "the Lease could not be renewed, trying again");
      }
    }
  }

  #suspend(): void {
    if (this.#untilMs === undefined) return;
    this.#untilMs = undefined;
    const { log, onSuspended } = this.#options;
    log.warn(
      this.#facts(),
      "the Lease could not be renewed in time: this process scans and writes nothing until it can be",
    );
    onSuspended?.();
  }

  async #attempt(signal: AbortSignal): Promise<Attempt> {
    try {
      return (await this.#renewUnseen(signal)) ?? (await this.#lookAndAct(signal));
    } catch (error) {
      return { kind: "failed", error };
    }
  }

  /** The leader's fast path: as if nothing had changed since its last write. Undefined: something has. */
  async #renewUnseen(signal: AbortSignal): Promise<Attempt | undefined> {
    const held = this.#held;
    if (!this.#claims || held === undefined) return undefined;
    try {
      return await this.#write("update", renewed(this.#self(), held.record), signal);
    } catch (error) {
      if (isConflict(error) || isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #lookAndAct(signal: AbortSignal): Promise<Attempt> {
    const { lease } = this.#options;
    // What the answer says was so at some moment after this one.
    const nowMs = this.#clock.monotonic();
    this.#held = await this.#ask("get", signal, (stop) => lease.get(stop));
    if (this.#held !== undefined) {
      this.#seen = observe(this.#seen, this.#held.record, this.#clock.monotonic());
    }
    const exists = this.#held !== undefined;
    // While nothing was renewed somebody else may have held it, before it was removed.
    if (this.#claims && this.#untilMs === undefined && !exists) return { kind: "lost", reason: "it is gone" };
    const action = decide({ ...this.#self(), leading: this.#claims, exists, seen: this.#seen, nowMs });
    if (action.kind === "wait") {
      this.#recovered();
      return action;
    }
    if (action.kind === "lost") {
      return { kind: "lost", reason: `it is held by ${JSON.stringify(action.holder)}` };
    }
    return await this.#write(action.kind, action.record, signal);
  }

  async #write(
    kind: (Action & { record: LeaseRecord })["kind"],
    record: LeaseRecord,
    signal: AbortSignal,
  ): Promise<Attempt> {
    const { lease, timing } = this.#options;
    const base = this.#held;
    this.#held = undefined;
    this.#unsure = true;
    const sentMs = this.#clock.monotonic();
    const held = await this.#ask(kind, signal, (stop) =>
      base === undefined ? lease.create(record, stop) : lease.update(base, record, stop),
    ).catch((error: unknown) => {
      if (isConflict(error) || isAlreadyExists(error) || isNotFound(error)) this.#unsure = false;
      throw error;
    });
    const nowMs = this.#clock.monotonic();
    const untilMs = sentMs + timing.renewDeadlineMs;
    if (nowMs >= (this.#untilMs ?? untilMs)) {
      return { kind: "failed", error: new Error("the answer came after the renew deadline") };
    }
    this.#held = held;
    this.#seen = { record: held.record, atMs: nowMs };
    this.#untilMs = untilMs;
    this.#unsure = false;
    this.#recovered();
    return { kind: "held" };
  }

  /** No request outlives the leadership, nor half of the renew deadline. */
  #ask<T>(verb: string, signal: AbortSignal, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const ms = Math.min(this.#requestTimeoutMs, this.#leftMs());
    const what = `${verb} leases ${this.#options.lease.name}`;
    return within({ what, ms, clock: this.#clock, signal }, request);
  }

  /** Not where it is lost: then others may hold it, and what the leader did may still be under way. */
  async #release(): Promise<void> {
    const { lease, log } = this.#options;
    try {
      const what = `release leases ${lease.name}`;
      await within({ what, ms: RELEASE_MS, clock: this.#clock }, (signal) => this.#letGo(signal));
      log.info(this.#facts(), "the Lease is released");
    } catch (error) {
      log.warn(
        { ...this.#facts(), err: error },
        "the Lease could not be released: others wait until it runs out",
      );
    }
  }

  async #letGo(signal: AbortSignal): Promise<void> {
    const { lease } = this.#options;
    let known = this.#held;
    for (let tries = 1; ; tries += 1) {
      const held = known ?? (await lease.get(signal));
      if (held?.record.holderIdentity !== lease.identity) return;
      try {
        return await lease.release(held, released(held.record, this.#clock.now()), signal);
      } catch (error) {
        if (isNotFound(error)) return;
        if (!isConflict(error) || tries === RELEASE_TRIES) throw error;
        known = undefined;
      }
    }
  }

  #self() {
    const { lease, timing } = this.#options;
    const { leaseDurationMs } = timing;
    return { identity: lease.identity, leaseDurationMs, wallMs: this.#clock.now() };
  }

  #leftMs(): number {
    if (this.#untilMs === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.#untilMs - this.#clock.monotonic());
  }

  /** Ends early, and does not throw, where `signal` aborts. */
  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(ms, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  #report(): void {
    const { leader } = this;
    if (leader === undefined || leader === this.#reported) return;
    this.#reported = leader;
    this.#options.log.info({ ...this.#facts(), holder: leader }, "the Lease has a new holder");
    this.#options.onNewLeader?.(leader);
  }

  /** The first failure of a row is news; that somebody else was faster never is. */
  #tell(error: unknown, message: string): void {
    const { log } = this.#options;
    const outrun = isConflict(error) || isAlreadyExists(error);
    if (!outrun) this.#failures += 1;
    const level = !outrun && this.#failures === 1 ? "warn" : "debug";
    const hint = isNotFound(error)
      ? "Does the namespace exist? --leader-elect-resource-namespace names it."
      : hintOf(error);
    log[level]({ ...this.#facts(), err: error, hint }, message);
  }

  #recovered(): void {
    if (this.#failures > 0) this.#options.log.info(this.#facts(), "the Lease is within reach again");
    this.#failures = 0;
  }

  #facts() {
    const { name, identity } = this.#options.lease;
    return { lease: name, identity };
  }
}
