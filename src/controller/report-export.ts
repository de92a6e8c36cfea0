import type { Logger } from "pino";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { isForbidden, type KubeClient, KubeError } from "../kube/client.ts";
import type { EventRecorder } from "./events.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import { type Exported, exportReports, type ReportedOutcome } from "./open-reports.ts";
import type { RateLimitingQueue } from "./queue/rate-limiting-queue.ts";
import { type PoolState, WorkerPool } from "./queue/worker-pool.ts";

export type ExportResult = "success" | "not_served" | "error";

export interface ReportExportOptions {
  readonly client: KubeClient;
  readonly get: (key: string) => AwsAccountScan | undefined;
  readonly ledger: Ledger;
  readonly queue: RateLimitingQueue;
  readonly events: EventRecorder;
  readonly log: Logger;
  /** While the API is not served: how long until it is asked for again. */
  readonly probeMs?: number;
  /** Called for every attempt. */
  onExported(result: ExportResult): void;
}

/** One list of one namespace; nobody who has just installed the CRDs waits longer. */
const PROBE_MS = 30_000;
/** Exports at once: enough that a large one does not hold up all others. */
const WORKERS = 2;

const GRANT =
  "the operator may not write Reports: grant it list, create, patch and delete on reports.openreports.io, as deploy/rbac.yaml does";

/**
 * Exports the records of scans to the Reports API, beside the reconciler and after it: whatever goes wrong here loses
 * no result and holds up no status. While the API is not served, one scan after the other asks for it from time to time;
 * when it is there, all that wait are exported.
 */
export class ReportExport {
  readonly #options: ReportExportOptions;
  readonly #waiting = new Set<string>();
  /** The key whose next attempt finds out whether the API is served. */
  #probe: string | undefined;
  /** What the log was told last; the same thing is not told again for every scan. */
  #told: "served" | "not-served" | "forbidden" | undefined;
  readonly #pool: WorkerPool;

  constructor(options: ReportExportOptions) {
    this.#options = options;
    const { queue } = options;
    this.#pool = new WorkerPool({
      queue,
      workers: WORKERS,
      // The queue hands out what it had when it was shut down.
      work: async (key) => {
        if (!queue.shuttingDown) await this.#attempt(key);
      },
    });
  }

  start(): void {
    this.#pool.start();
  }

  /** What the workers are doing, for health. */
  state(): PoolState {
    return this.#pool.state();
  }

  /** Asks for the reports of `key`, `namespace/name`, to be as the ledger has its record and the doubt about it now. */
  request(key: string): void {
    this.#options.queue.add(key);
  }

  /** Begins nothing more; resolves when what was under way is done. The next process exports what is missing. */
  async stop(): Promise<void> {
    this.#options.queue.shutDown();
    await this.#pool.ended();
  }

  async #attempt(key: string): Promise<void> {
    const { client, queue, onExported, get, ledger } = this.#options;
    this.#waiting.delete(key);
    if (this.#probe === key) this.#probe = undefined;
    const scan = get(key);
    const entry = ledger.get(key);
    try {
      const outcome = outcomeOf(entry);
      if (scan === undefined || entry?.uid !== scan.metadata.uid || outcome === undefined) {
        queue.forget(key);
        return;
      }
      const exported = await exportReports(client, scan, outcome);
      queue.forget(key);
      if (exported.kind === "not-served") this.#notServed(key);
      else this.#served(key, exported);
      onExported(exported.kind === "done" ? "success" : "not_served");
    } catch (error) {
      onExported("error");
      this.#failed(key, scan, error);
    } finally {
      this.#scheduleProbe();
    }
  }

  #served(key: string, { written, deleted }: Exclude<Exported, { kind: "not-served" }>): void {
    const { log, queue } = this.#options;
    if (written + deleted > 0) log.info({ key, written, deleted }, "reports exported");
    if (this.#told === "not-served")
      log.info("the cluster serves openreports.io/v1alpha1 now: findings are exported to it");
    this.#told = "served";
    for (const waiting of this.#waiting) queue.add(waiting);
    this.#waiting.clear();
  }

  #notServed(key: string): void {
    this.#waiting.add(key);
    if (this.#told === "not-served") return;
    this.#told = "not-served";
    this.#options.log.info(
      "the cluster does not serve openreports.io/v1alpha1: findings are exported as soon as its CRDs are installed",
    );
  }

  #failed(key: string, scan: AwsAccountScan | undefined, error: unknown): void {
    const { log, events, queue } = this.#options;
    const retries = queue.numRequeues(key);
    if (!isForbidden(error))
      log.warn({ err: error, key, retries }, "reports could not be exported, trying again");
    else if (this.#told !== "forbidden") {
      this.#told = "forbidden";
      log.warn({ err: error, key }, GRANT);
    }
    if (scan !== undefined && retries === 0) {
      const answer =
        error instanceof KubeError ? `${error.reason} (${error.status})` : "see the operator's log";
      const note = `Findings could not be exported as openreports.io Reports: ${answer}. It is tried again; the scan's own report is not concerned.`;
      events.record(scan, { type: "Warning", reason: "ReportExportFailed", note });
    }
    queue.addRateLimited(key);
  }

  /** Keeps one of the waiting keys coming back. */
  #scheduleProbe(): void {
    const { queue, probeMs = PROBE_MS } = this.#options;
    const [next] = this.#waiting;
    if (this.#probe !== undefined || next === undefined) return;
    this.#probe = next;
    queue.addAfter(next, probeMs);
  }
}

/** Undefined where there is nothing to tell: no scan has ended, or nobody has looked at the record yet. */
function outcomeOf(entry: LedgerEntry | undefined): ReportedOutcome | undefined {
  if (entry === undefined || entry.record === "none" || entry.doubt === undefined) return undefined;
  const { record, doubt } = entry;
  return { record, doubt: doubt === "none" ? undefined : doubt };
}
