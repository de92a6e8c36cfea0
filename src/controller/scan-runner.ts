import type { Logger } from "pino";
import { toTime } from "../api/conditions.ts";
import type { Job, JobResult } from "./job.ts";
import type { WorkQueue } from "./queue/queue.ts";
import { type PoolState, WorkerPool } from "./queue/worker-pool.ts";

/** Runs one scan to its end. Rejects only where the program is wrong; aborting makes the rest unread. */
export type ScanTask = (job: Job & { readonly startTime: string }, signal: AbortSignal) => Promise<JobResult>;

export interface ScanRunnerOptions {
  /** Scans at once, where the queue has slots for them; the others wait in it. */
  readonly concurrency: number;
  readonly queue: WorkQueue;
  readonly log: Logger;
  readonly now: () => Date;
  /** Called when the job of a key has run for as long as it is quiet, and when it has ended. */
  onChange(key: string): void;
}

interface Entry {
  readonly job: Job;
  readonly task: ScanTask;
  readonly abort: AbortController;
}

/**
 * Runs scans, a bounded number at once, in the order of the queue. There is at most one job a key: a new
 * one takes the place of the old one, whose outcome is discarded.
 */
export class ScanRunner {
  readonly #options: ScanRunnerOptions;
  readonly #entries = new Map<string, Entry>();
  /** The jobs of tasks that have not returned, those of cancelled ones included. */
  readonly #running = new Map<string, Job>();
  /** Keys whose scan was abandoned when the runner was stopped. */
  readonly #abandoned = new Set<string>();
  readonly #pool: WorkerPool;

  constructor(options: ScanRunnerOptions) {
    this.#options = options;
    const { queue, concurrency: workers } = options;
    this.#pool = new WorkerPool({ queue, workers, work: (key) => this.#run(key) });
  }

  start(): void {
    this.#pool.start();
  }

  /** What the workers are doing, for health. */
  state(): PoolState {
    return this.#pool.state();
  }

  /** How long (ms) the scan of `key` that runs may take; 0 where none runs. */
  timeoutMs(key: string): number {
    return this.#running.get(key)?.timeoutMs ?? 0;
  }

  /** Queues a job, in place of the key's last one. Where that has not begun either, it is as overdue as that was. */
  submit(key: string, job: Job, task: ScanTask, priority: "high" | "normal"): void {
    const last = this.job(key);
    const dueAt = last?.startTime === undefined ? Math.min(job.dueAt, last?.dueAt ?? job.dueAt) : job.dueAt;
    this.cancel(key);
    this.#entries.set(key, { job: { ...job, dueAt }, task, abort: new AbortController() });
    this.#options.queue.add(key, { priority });
  }

  /** The job of a key: waiting, running, or ended with a result that nobody has discarded yet. */
  job(key: string): Job | undefined {
    return this.#entries.get(key)?.job;
  }

  /** Whether the scan of `key` has come to an end that the cluster does not know yet: a result, or that it was abandoned. */
  hasNews(key: string): boolean {
    return this.#entries.get(key)?.job.result !== undefined || this.#abandoned.has(key);
  }

  /** Forgets the key's job, and stops it where it runs. */
  cancel(key: string): void {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    entry?.abort.abort(new DOMException("The scan was cancelled", "AbortError"));
  }

  /** Starts nothing more, and gives what runs until `signal` aborts; what runs then is abandoned. */
  async stop(signal: AbortSignal): Promise<void> {
    for (const [key, { job }] of this.#entries) if (job.startTime === undefined) this.cancel(key);
    this.#options.queue.shutDown();
    const abandon = () => {
      for (const [key, { job }] of this.#entries) {
        if (job.result !== undefined || job.failedAt !== undefined) continue;
        this.cancel(key);
        this.#abandoned.add(key);
        this.#options.onChange(key);
      }
    };
    if (signal.aborted) abandon();
    signal.addEventListener("abort", abandon, { once: true });
    await this.#pool.ended();
    signal.removeEventListener("abort", abandon);
  }

  async #run(key: string): Promise<void> {
    const { now, log, onChange } = this.#options;
    const entry = this.#entries.get(key);
    // Cancelled while it waited, or added twice.
    if (entry === undefined || entry.job.startTime !== undefined) return;
    const startedAt = now();
    const startTime = toTime(startedAt);
    // A wall clock may be set while the scan runs, and a duration be negative by it.
    const startedMs = performance.now();
    entry.job.startTime = startTime;
    entry.job.lagMs = Math.max(0, startedAt.getTime() - entry.job.dueAt);
    this.#running.set(key, entry.job);
    const tell = () => {
      entry.job.isNews = true;
      onChange(key);
    };
    const quiet = entry.job.quietMs > 0 ? setTimeout(tell, entry.job.quietMs) : undefined;
    if (quiet === undefined) tell();
    try {
      const result = await entry.task({ ...entry.job, startTime }, entry.abort.signal);
      if (this.#entries.get(key) !== entry) return;
      entry.job.durationMs = Math.round(performance.now() - startedMs);
      entry.job.result = result;
    } catch (error) {
      const [namespace, scan] = key.split("/");
      const facts = { namespace, scan, scanId: entry.job.id };
      log.error({ err: error, ...facts }, "scan ended with a defect of the operator");
      entry.job.failedAt = now().getTime();
    } finally {
      clearTimeout(quiet);
      this.#running.delete(key);
    }
    onChange(key);
  }
}
