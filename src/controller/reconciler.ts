import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Logger } from "pino";
import type { AwsAccountScan, AwsAccountScanStatus } from "../api/generated/awsaccountscan.ts";
import { API_VERSION, MANAGER, REQUESTED_AT, SCAN } from "../api/names.ts";
import type { KubeClient } from "../kube/client.ts";
import { diffRecords } from "../report/diff.ts";
import type { Outcome } from "../report/record.ts";
import { selectRules } from "../rules/registry.ts";
import { announce } from "./announce.ts";
import { type Decision, decide, nextScan, staleAt } from "./decide.ts";
import type { EventRecorder } from "./events.ts";
import type { Job } from "./job.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import type { RecordStore } from "./record-store.ts";
import type { ScanRunner } from "./scan-runner.ts";
import { type ScanTaskOptions, scanTask, scopeDigest } from "./scan-task.ts";
import { InvalidScheduleError, parseSchedule, type Schedule, scanTimeoutMs } from "./schedule.ts";
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
  onScanned(outcome: Outcome, durationMs: number): void;
}

/** As `status.lastHandledReconcileAt` allows. */
const MAX_REQUEST = 256;

/** What a spec asks for, or why nothing can be made of it. */
type Plan =
  | { readonly kind: "valid"; readonly schedule: Schedule }
  | { readonly kind: "stalled"; readonly reason: string; readonly message: string };

/** The record of a scan that has ended cannot be written to the cluster; the job keeps it until it can. */
class UnwrittenError extends Error {
  override readonly name = "UnwrittenError";

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
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
    const plan = this.#plan(scan);
    const restored = ledger.get(key) ?? (await this.#restore(scan));
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

  #plan(scan: AwsAccountScan): Plan {
    const { unknown } = selectRules(scan.spec.rules?.include);
    if (unknown.length > 0) {
      const message = `spec.rules.include names ${unknown.join(", ")}, which this operator does not have.`;
      return { kind: "stalled", reason: "UnknownRule", message };
    }
    try {
      const schedule = parseSchedule(scan.spec, this.#options.defaultIntervalMs, scan.metadata.uid);
      return { kind: "valid", schedule };
    } catch (error) {
      if (!(error instanceof InvalidScheduleError)) throw error;
      return { kind: "stalled", reason: "InvalidSchedule", message: error.message };
    }
  }

  /** The scan as the cluster remembers it: no series of it exists before this. */
  async #restore(scan: AwsAccountScan): Promise<LedgerEntry> {
    const { namespace, name, uid } = scan.metadata;
    const loaded = await this.#options.records.load(scan);
    const base = { namespace, name, uid, suspended: scan.spec.suspend ?? false, nextScanAt: undefined };
    if (loaded.kind === "found") return { ...base, record: loaded.record };
    if (loaded.kind === "none" && scan.status?.lastScan === undefined) return { ...base, record: "none" };
    this.#log(scan).warn(
      { reason: loaded.kind },
      "the record of the last scan is missing or damaged: scanning now",
    );
    return { ...base, record: "missing", ...(loaded.kind === "damaged" && { remains: loaded.remains }) };
  }

  /** Takes over the outcome of a job that has ended: into the cluster first, then into memory, then to people. */
  async #takeResult(key: string, scan: AwsAccountScan, entry: LedgerEntry): Promise<LedgerEntry> {
    const { runner, records, ledger, onScanned } = this.#options;
    const job = runner.job(key);
    if (job?.error !== undefined) {
      runner.cancel(key);
      throw job.error;
    }
    if (job?.result === undefined || job.generation !== scan.metadata.generation) return entry;
    const { result } = job;
    await records.save(scan, result).catch((error: unknown) => {
      throw new UnwrittenError(error);
    });
    const next: LedgerEntry = { ...entry, record: result, remains: undefined };
    ledger.set(key, next);
    runner.cancel(key);
    const { startTime, completionTime, outcome } = result.scan;
    onScanned(outcome, Date.parse(completionTime) - Date.parse(startTime));
    const previous = typeof entry.record === "object" ? entry.record : entry.remains;
    announce(this.#options.events, scan, previous, result, diffRecords(previous, result));
    this.#log(scan).info({ scanId: result.scan.id, outcome, findings: result.findings.length }, "scan ended");
    return next;
  }

  /** Starts or stops what is to be, and says so in the status. */
  async #settle(
    key: string,
    scan: AwsAccountScan,
    entry: LedgerEntry,
    plan: Plan,
    unwritten: string | undefined,
  ): Promise<number | undefined> {
    const { ledger, now } = this.#options;
    const decision = this.#decide(key, scan, entry, plan);
    this.#act(key, scan, entry, decision);
    const { record } = entry;
    const suspended = scan.spec.suspend ?? false;
    const schedule = plan.kind === "valid" ? plan.schedule : undefined;
    const last = typeof record === "object" ? record.scan : undefined;
    const nextScanAt = suspended || !schedule || !last ? undefined : nextScan(last, schedule).at;
    const stale = last && staleAt(last, schedule ?? this.#fallback(scan), scanTimeoutMs(scan.spec));
    ledger.set(key, { ...entry, suspended, nextScanAt });
    const status = projectStatus({
      generation: scan.metadata.generation ?? 0,
      scopeDigest: scopeDigest(scan),
      suspended,
      stalled:
        plan.kind === "stalled"
          ? plan
          : last?.generation === scan.metadata.generation
            ? last?.stalled
            : undefined,
      record,
      unwritten,
      stale: stale !== undefined && now().getTime() >= stale,
      violationsBefore: (scan.status?.summary?.violations ?? 0) > 0,
      before: entry.status ?? scan.status,
      job: this.#options.runner.job(key),
      nextScanAt,
      now: now(),
    });
    await this.#write(key, scan, status);
    const times = [decision.kind === "wait" ? decision.until : undefined, stale].filter(
      (time) => time !== undefined,
    );
    const ahead = times.filter((time) => time > now().getTime());
    return ahead.length === 0 ? undefined : Math.min(...ahead);
  }

  #decide(key: string, scan: AwsAccountScan, entry: LedgerEntry, plan: Plan): Decision {
    if (plan.kind === "stalled") return { kind: "suspend" };
    const { record } = entry;
    const last = typeof record === "object" ? record.scan.requestedAt : undefined;
    return decide({
      generation: scan.metadata.generation ?? 0,
      suspended: scan.spec.suspend ?? false,
      requestedAt: requestOf(scan),
      lastHandledRequest: last ?? entry.status?.lastHandledReconcileAt ?? scan.status?.lastHandledReconcileAt,
      schedule: plan.schedule,
      record,
      job: this.#options.runner.job(key),
      now: this.#options.now().getTime(),
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

  /** A schedule to judge staleness by where the spec's own cannot be read. */
  #fallback(scan: AwsAccountScan): Schedule {
    return parseSchedule({}, this.#options.defaultIntervalMs, scan.metadata.uid);
  }

  #log(scan: AwsAccountScan): Logger {
    return this.#options.log.child({ namespace: scan.metadata.namespace, scan: scan.metadata.name });
  }
}

/** An annotation may be a quarter of a megabyte; its beginning tells one request from the next. */
function requestOf(scan: AwsAccountScan): string | undefined {
  return scan.metadata.annotations?.[REQUESTED_AT]?.slice(0, MAX_REQUEST);
}
