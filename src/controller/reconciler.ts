import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Logger } from "pino";
import { toTime } from "../api/conditions.ts";
import type { AwsAccountScan, AwsAccountScanStatus } from "../api/generated/awsaccountscan.ts";
import { API_VERSION, MANAGER, REQUESTED_AT, SCAN } from "../api/names.ts";
import { scanTimeoutMs } from "../api/scan-timeout.ts";
import { type KubeClient, KubeError } from "../kube/client.ts";
import type { ScanDoubt } from "../openreports/results.ts";
import type { RecordDiff } from "../report/diff.ts";
import type { ScanRecord } from "../report/record.ts";
import { summarize } from "../report/summary.ts";
import { announce } from "./announce.ts";
import { type Decision, decide } from "./decide.ts";
import { type Doubt, verdictDoubtOf } from "./doubt.ts";
import type { EventRecorder } from "./events.ts";
import type { Job } from "./job.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import { ageing, type Plan, planOf, stallOfRun } from "./plan.ts";
import type { RecordStore } from "./record-store.ts";
import { recordFromStatus } from "./remains.ts";
import { scopeDigest } from "./request.ts";
import type { ScanRunner } from "./scan-runner.ts";
import { type ScanTaskOptions, scanTask } from "./scan-task.ts";
import { newStall } from "./stall.ts";
import { projectStatus } from "./status.ts";

export interface ReconcilerOptions {
  readonly client: KubeClient;
  readonly get: (key: string) => AwsAccountScan | undefined;
  readonly ledger: Ledger;
  readonly records: RecordStore;
  readonly runner: ScanRunner;
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
   * change can call for it. Rejects where the API server did, to be tried again.
   */
  async reconcile(key: string): Promise<number | undefined> {
    const { get, ledger, runner } = this.#options;
    const scan = get(key);
    const known = ledger.get(key);
    if (
      scan === undefined ||
      scan.metadata.deletionTimestamp !== undefined ||
      (known && known.uid !== scan.metadata.uid)
    ) {
      runner.cancel(key);
      ledger.delete(key);
      if (known !== undefined) this.#options.records.forget(known.uid);
      if (scan === undefined || scan.metadata.deletionTimestamp !== undefined) return undefined;
    }
    const plan = planOf(scan, this.#options.defaultIntervalMs);
    const restored = ledger.get(key) ?? (await this.#restore(key, scan));
    try {
      const entry = await this.#takeResult(key, scan, restored);
      return await this.#settle(key, scan, entry, plan, undefined);
    } catch (error) {
      if (!(error instanceof UnwrittenError)) throw error;
      // The old result must not look like today's while the new one has no home.
      await this.#settle(key, scan, restored, plan, error.message);
      throw error;
    }
  }

  /** The scan as the cluster remembers it: no series of it exists before this. */
  async #restore(key: string, scan: AwsAccountScan): Promise<LedgerEntry> {
    const { records, ledger } = this.#options;
    const { namespace, name, uid } = scan.metadata;
    const loaded = await records.load(scan);
    const base = { namespace, name, uid, nextScanAt: undefined };
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
    if (job?.failedAt !== undefined && now().getTime() >= job.failedAt + DEFECT_PAUSE_MS) runner.cancel(key);
    if (job?.result === undefined || job.generation !== scan.metadata.generation) return entry;
    const { record, changes, trace } = job.result;
    await records.save(scan, record).catch((error: unknown) => {
      throw new UnwrittenError(error);
    });
    const next: LedgerEntry = { ...entry, record, remains: undefined, doubt: undefined };
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
    plan: Plan,
    unwritten: string | undefined,
  ): Promise<number | undefined> {
    const { ledger, runner, onOutcome } = this.#options;
    const now = this.#options.now();
    const decision = this.#decide(key, scan, entry, plan, now.getTime());
    this.#act(key, scan, entry, decision);
    const { record } = entry;
    const last = typeof record === "object" ? record.scan : undefined;
    const age = ageing(plan, last, now.getTime());
    const { stale, exemptionExpired } = age;
    const grounds = { scopeDigest: scopeDigest(scan.spec), record, unwritten, stale, exemptionExpired };
    const doubt = datedDoubt(verdictDoubtOf(grounds), entry.doubt, now);
    ledger.set(key, { ...entry, doubt, nextScanAt: age.nextScanAt });
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
      job: job?.failedAt === undefined ? job : undefined,
      nextScanAt: age.nextScanAt,
      now,
    });
    await this.#write(key, scan, status);
    const stall = newStall(before?.conditions, status.conditions);
    if (stall !== undefined) this.#log(scan).warn(stall, "scan is stalled: somebody must change something");
    const times = [
      decision.kind === "wait" ? decision.until : undefined,
      age.changesAt,
      job?.failedAt === undefined ? undefined : job.failedAt + DEFECT_PAUSE_MS,
    ].filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
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

  #act(key: string, scan: AwsAccountScan, entry: LedgerEntry, decision: Decision): void {
    const { runner, task } = this.#options;
    if (decision.kind === "suspend") runner.cancel(key);
    if (decision.kind !== "start" || this.#stopping) return;
    const job: Job = {
      id: randomBytes(8).toString("hex"),
      trigger: decision.trigger,
      generation: scan.metadata.generation ?? 0,
      requestedAt: requestOf(scan),
      timeoutMs: scanTimeoutMs(scan.spec),
    };
    const previous = typeof entry.record === "object" ? entry.record : entry.remains;
    // People wait for what they have just asked for; a clock does not.
    const priority = decision.trigger === "Scheduled" || decision.trigger === "Retry" ? "normal" : "high";
    runner.submit(key, job, scanTask(task, scan, previous), priority);
  }

  async #write(key: string, scan: AwsAccountScan, status: AwsAccountScanStatus): Promise<void> {
    const { client, ledger } = this.#options;
    if (!isDeepStrictEqual(status, scan.status)) {
      const { namespace, name, uid } = scan.metadata;
      const body = { apiVersion: API_VERSION, kind: SCAN.kind, metadata: { namespace, name, uid }, status };
      await client.apply(SCAN, { namespace, name, subresource: "status" }, body, {
        fieldManager: MANAGER,
        force: true,
      });
    }
    const entry = ledger.get(key);
    if (entry !== undefined) ledger.set(key, { ...entry, status });
  }

  #log(scan: AwsAccountScan): Logger {
    return this.#options.log.child({ namespace: scan.metadata.namespace, scan: scan.metadata.name });
  }
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
