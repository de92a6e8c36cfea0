import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { toTime } from "../api/conditions.ts";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { REQUESTED_AT } from "../api/names.ts";
import { scanTimeoutMs } from "../api/scan-timeout.ts";
import { KubeError } from "../kube/client.ts";
import type { ScanDoubt } from "../openreports/results.ts";
import type { RecordDiff } from "../report/diff.ts";
import type { ScanRecord } from "../report/record.ts";
import { summarize } from "../report/summary.ts";
import { announce } from "./announce.ts";
import { type Decision, decide } from "./decide.ts";
import { type Doubt, verdictDoubtOf } from "./doubt.ts";
import type { EventRecorder } from "./events.ts";
import type { Job } from "./job.ts";
import { isOutrun, type Ledger, type LedgerEntry, newestVersion } from "./ledger.ts";
import { isSuperseded, type Ownership, ownerAfter, SupersededError, type Turn } from "./ownership.ts";
import { ageing, type Plan, planOf, stallOfRun } from "./plan.ts";
import type { RecordStore } from "./record-store.ts";
import { recordFromStatus } from "./remains.ts";
import { scopeDigest } from "./request.ts";
import { Rests } from "./rests.ts";
import type { ScanRunner } from "./scan-runner.ts";
import { type ScanTaskOptions, scanTask } from "./scan-task.ts";
import { newStall } from "./stall.ts";
import { projectStatus } from "./status.ts";
import type { StatusWriter } from "./status-writer.ts";
import { isWithin } from "./wall-clock.ts";

export interface ReconcilerOptions {
  readonly get: (key: string) => AwsAccountScan | undefined;
  readonly ledger: Ledger;
  readonly records: RecordStore;
  readonly statuses: StatusWriter;
  readonly runner: ScanRunner;
  readonly ownership: Ownership;
  readonly events: EventRecorder;
  readonly task: ScanTaskOptions;
  readonly defaultIntervalMs: number;
  readonly log: Logger;
  readonly now: () => Date;
  /** Called once for every scan that ended and whose record is in the cluster. */
  onScanned(scan: AwsAccountScan, record: ScanRecord, changes: RecordDiff, durationMs: number): void;
  /** Called whenever the ledger has another record of `key`, or what there is to say against its record has changed. */
  onOutcome(key: string): void;
}

/** A scan that ended with a defect of ours is not begun again before this: it would end so again. */
const DEFECT_PAUSE_MS = 5 * 60_000;

/** A scan that the clock has started, and that ends sooner, is never shown as running. */
const QUIET_MS = 1_000;

/** As `status.lastHandledReconcileAt` allows. */
const MAX_REQUEST = 256;

/** The record of a scan that has ended cannot be written to the cluster; the job keeps it until it can. */
class UnwrittenError extends Error {
  override readonly name = "UnwrittenError";

  constructor(cause: unknown) {
    // Only words that stay the same: they enter the status, and a new status would call for the next attempt at once.
    const answer =
      cause instanceof KubeError ? `${cause.reason} (${cause.status})` : "see the operator's log";
    super(`the API server answered ${answer}`, { cause });
  }
}

/**
 * Brings one scan to what its spec asks for. Level-based: it looks at the resource, the record and the job as they
 * are, never at the event that called it, and it waits for no scan.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  /** Scans that another process has taken although they are ours: which, and when (ms). */
  readonly #taken = new Map<string, { readonly by: string; readonly atMs: number }>();
  readonly #rests = new Rests();
  #stopping = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** From now on no scan is started; what has ended is still written. */
  stopStarting(): void {
    this.#stopping = true;
  }

  /**
   * Reconciles `key`, `namespace/name`. Returns when to look again (ms since the epoch), undefined where only a
   * change can call for it. Rejects where the API server did, to be tried again; with a SupersededError where what it acted on
   * is no longer so.
   */
  async reconcile(key: string): Promise<number | undefined> {
    const { get, ledger, ownership, now } = this.#options;
    const scan = get(key);
    const known = ledger.get(key);
    const isGone = scan === undefined || scan.metadata.deletionTimestamp !== undefined;
    if (isGone || (known && known.uid !== scan.metadata.uid)) {
      this.#release(key);
      this.#taken.delete(key);
      if (isGone) return undefined;
    }
    const turn = ownership.turn(scan, now().getTime());
    const owner = scan.status?.owner;
    if (known !== undefined && owner !== undefined && isSuperseded(known.owner, owner))
      this.#yield(key, scan, owner.identity, turn);
    else if (known !== undefined && isOutrun(known, scan.status)) this.#release(key);
    if (turn === "theirs") this.#taken.delete(key);
    if (ledger.get(key) === undefined) {
      if (turn === "theirs") return undefined;
      const from = typeof turn === "object" ? turn.from : this.#leftAloneUntil(key);
      if (from !== undefined) return from;
    }
    const rest = this.#rests.of(key, scan.metadata.resourceVersion, now().getTime());
    if (rest !== undefined && this.#options.runner.job(key) === undefined) return rest.untilMs;
    try {
      return await this.#reconcile(key, scan, turn === "ours");
    } catch (error) {
      // All that is known of it goes: another process knows better, and nothing of this one's may be written any more.
      if (error instanceof SupersededError) this.#release(key);
      throw error;
    }
  }

  async #reconcile(key: string, scan: AwsAccountScan, mayStart: boolean): Promise<number | undefined> {
    const { ledger, defaultIntervalMs } = this.#options;
    const plan = planOf(scan, defaultIntervalMs);
    const restored = ledger.get(key) ?? (await this.#restore(key, scan));
    try {
      const entry = await this.#takeResult(key, scan, restored);
      return await this.#settle(key, scan, entry, { plan, mayStart, unwritten: undefined });
    } catch (error) {
      if (!(error instanceof UnwrittenError)) throw error;
      // The old result must not look like today's while the new one has no home.
      await this.#settle(key, scan, restored, { plan, mayStart, unwritten: error.message });
      throw error;
    }
  }

  /** Stops whatever runs for the scan, and forgets all that is known of it. */
  #release(key: string): void {
    const { runner, ledger, records } = this.#options;
    const known = ledger.get(key);
    runner.cancel(key);
    ledger.delete(key);
    this.#rests.delete(key);
    if (known !== undefined) records.forget(known.uid);
  }

  /** Another process has taken the scan over. */
  #yield(key: string, scan: AwsAccountScan, owner: string, turn: Turn): void {
    this.#release(key);
    if (turn === "theirs") {
      this.#log(scan).info({ owner }, "scan handed over");
      return;
    }
    this.#taken.set(key, { by: owner, atMs: this.#options.now().getTime() });
    this.#log(scan).warn(
      { owner, hint: "If that is no replica of this operator, two operators watch the same namespaces." },
      "another process has taken this scan over",
    );
  }

  /** Until when (ms) the scan is left to whoever has taken it; undefined: no longer. */
  #leftAloneUntil(key: string): number | undefined {
    const { ownership, now } = this.#options;
    const taken = this.#taken.get(key);
    if (taken === undefined) return undefined;
    const patience = ownership.patienceMs(taken.by);
    if (isWithin(patience, taken.atMs, now().getTime())) return taken.atMs + patience;
    this.#taken.delete(key);
    return undefined;
  }

  /** The scan as the cluster remembers it: no series of it exists before this. */
  async #restore(key: string, scan: AwsAccountScan): Promise<LedgerEntry> {
    const { records, ledger, ownership } = this.#options;
    const { namespace, name, uid } = scan.metadata;
    const loaded = await records.load(scan);
    const seen = [scan.status?.owner, loaded.kind === "none" ? undefined : loaded.owner];
    const owner = ownerAfter(ownership.identity, seen);
    const base = { namespace, name, uid, owner, nextScanAt: undefined };
    if (loaded.kind === "found") {
      const entry = { ...base, record: loaded.record };
      ledger.set(key, entry);
      return entry;
    }
    if (loaded.kind === "none" && scan.status?.lastScan === undefined) return { ...base, record: "none" };
    this.#log(scan).warn(
      { reason: loaded.kind },
      "the record of the last scan is missing or damaged: scanning now",
    );
    const remains = loaded.kind === "damaged" ? loaded.remains : recordFromStatus(scan.status);
    return { ...base, record: "missing", remains };
  }

  /** Takes over the outcome of a job that has ended: into the cluster first, then into memory, then to people. */
  async #takeResult(key: string, scan: AwsAccountScan, entry: LedgerEntry): Promise<LedgerEntry> {
    const { runner, records, ledger, now, events, onScanned } = this.#options;
    const job = runner.job(key);
    if (job?.failedAt !== undefined && !isWithin(DEFECT_PAUSE_MS, job.failedAt, now().getTime()))
      runner.cancel(key);
    if (job?.result === undefined || job.generation !== scan.metadata.generation) return entry;
    const { record, changes, trace } = job.result;
    await records.save(scan, record, entry.owner).catch((error: unknown) => {
      throw error instanceof SupersededError ? error : new UnwrittenError(error);
    });
    const next: LedgerEntry = { ...entry, record, remains: undefined, doubt: undefined, lagMs: job.lagMs };
    ledger.set(key, next);
    runner.cancel(key);
    onScanned(scan, record, changes, job.durationMs ?? 0);
    const previous = typeof entry.record === "object" ? entry.record : entry.remains;
    announce(events, scan, previous, record, changes);
    const { id: scanId, outcome } = record.scan;
    const { violations, unknown, exempt, resources } = summarize(record);
    const counts = { resources, violations, unknown, exempt, durationMs: job.durationMs };
    this.#log(scan).info({ scanId, ...trace, outcome, ...counts }, "scan ended");
    return next;
  }

  /**
   * Starts or stops what is to be, and says so in the status. `unwritten`: why a scan's outcome is not in the cluster.
   * Returns when to look again. One clock reading serves it all, so that no time falls between two.
   */
  async #settle(
    key: string,
    scan: AwsAccountScan,
    entry: LedgerEntry,
    { plan, mayStart, unwritten }: Aims,
  ): Promise<number | undefined> {
    const { ledger, runner, onOutcome } = this.#options;
    const now = this.#options.now();
    const decision = this.#decide(key, scan, entry, plan, now.getTime());
    this.#act(key, scan, entry, decision, mayStart);
    const { record } = entry;
    const last = typeof record === "object" ? record.scan : undefined;
    const age = ageing(plan, last, now.getTime());
    const { stale, exemptionExpired } = age;
    const grounds = { scopeDigest: scopeDigest(scan.spec), record, unwritten, stale, exemptionExpired };
    const doubt = datedDoubt(verdictDoubtOf(grounds), entry.doubt, now);
    ledger.set(key, { ...entry, doubt, nextScanAt: age.nextScanAt, periodMs: plan.schedule.periodMs });
    if (doubt !== entry.doubt) onOutcome(key);
    const job = runner.job(key);
    const before = entry.status ?? scan.status;
    const status = projectStatus({
      ...grounds,
      generation: scan.metadata.generation ?? 0,
      suspended: plan.suspended,
      stalled: plan.stalled ?? (last?.generation === scan.metadata.generation ? stallOfRun(last) : undefined),
      violationsBefore: (scan.status?.summary?.violations ?? 0) > 0,
      before,
      job: job?.isNews && job.failedAt === undefined ? job : undefined,
      nextScanAt: age.nextScanAt,
      now,
    });
    await this.#options.statuses.write(key, scan, status, this.#mustClaim(key, scan));
    const stall = newStall(before?.conditions, status.conditions);
    if (stall !== undefined) this.#log(scan).warn(stall, "scan is stalled: somebody must change something");
    const times = [
      decision.kind === "wait" ? decision.until : undefined,
      age.changesAt,
      job?.failedAt === undefined ? undefined : job.failedAt + DEFECT_PAUSE_MS,
    ].filter((time) => time !== undefined);
    const untilMs = times.length === 0 ? undefined : Math.min(...times);
    const written = ledger.get(key);
    if (decision.kind === "wait" && written !== undefined) {
      const version = newestVersion(scan.metadata.resourceVersion ?? "", written);
      this.#rests.set(key, { version, sinceMs: now.getTime(), untilMs });
    } else this.#rests.delete(key);
    return untilMs;
  }

  #decide(key: string, scan: AwsAccountScan, entry: LedgerEntry, plan: Plan, now: number): Decision {
    if (plan.stalled !== undefined) return { kind: "suspend" };
    const { record } = entry;
    const last = typeof record === "object" ? record.scan.requestedAt : undefined;
    return decide({
      generation: scan.metadata.generation ?? 0,
      suspended: plan.suspended,
      requestedAt: requestOf(scan),
      lastHandledRequest: last ?? entry.status?.lastHandledReconcileAt ?? scan.status?.lastHandledReconcileAt,
      schedule: plan.schedule,
      record,
      job: this.#options.runner.job(key),
      now,
    });
  }

  #act(key: string, scan: AwsAccountScan, entry: LedgerEntry, decision: Decision, mayStart: boolean): void {
    const { runner, task } = this.#options;
    if (decision.kind === "suspend") runner.cancel(key);
    if (decision.kind !== "start" || !mayStart || this.#stopping) return;
    // People wait for what they have just asked for; a clock does not.
    const isAwaited = decision.trigger !== "Scheduled" && decision.trigger !== "Retry";
    const job: Job = {
      id: randomBytes(8).toString("hex"),
      trigger: decision.trigger,
      generation: scan.metadata.generation ?? 0,
      requestedAt: requestOf(scan),
      dueAt: decision.dueAt,
      quietMs: isAwaited ? 0 : QUIET_MS,
      timeoutMs: scanTimeoutMs(scan.spec),
    };
    const previous = typeof entry.record === "object" ? entry.record : entry.remains;
    runner.submit(key, job, scanTask(task, scan, previous), isAwaited ? "high" : "normal");
  }

  /** Whether the status must name this process before it does anything, and not only with what it has to say. */
  #mustClaim(key: string, scan: AwsAccountScan): boolean {
    const { ownership, runner } = this.#options;
    return ownership.claimsAtOnce || runner.job(key) !== undefined || scan.status?.currentScan !== undefined;
  }

  #log(scan: AwsAccountScan): Logger {
    return this.#options.log.child({ namespace: scan.metadata.namespace, scan: scan.metadata.name });
  }
}

/** What one reconcile is to bring about. */
interface Aims {
  readonly plan: Plan;
  readonly mayStart: boolean;
  /** Why the outcome of a scan is not in the cluster. */
  readonly unwritten: string | undefined;
}

/** The doubt with its age; the very same value where nothing has changed. */
function datedDoubt(doubt: Doubt | undefined, before: LedgerEntry["doubt"], now: Date): ScanDoubt | "none" {
  if (doubt === undefined) return "none";
  const { reason, message } = doubt;
  const isKnown = typeof before === "object" && before.reason === reason && before.message === message;
  return isKnown ? before : { reason, message, since: toTime(now) };
}

/** An annotation may be a quarter of a megabyte; its beginning tells one request from the next. */
function requestOf(scan: AwsAccountScan): string | undefined {
  return scan.metadata.annotations?.[REQUESTED_AT]?.slice(0, MAX_REQUEST);
}
