import type { RunningKey, WorkQueue } from "./queue.ts";

export interface WorkerPoolOptions {
  readonly queue: WorkQueue;
  /** Keys that are worked on at once. */
  readonly workers: number;
  /** What it rejects with ends the worker, and is a defect: failures are the caller's to catch. */
  work(key: string): Promise<void>;
}

/** What a pool is doing at this moment. */
export interface PoolState {
  /** Those that were started. */
  readonly workers: number;
  /** Those of them that still take keys. */
  readonly alive: number;
  readonly running: readonly RunningKey[];
  /** How long (ms) keys have waited although a worker was free to take one; 0 where that is not so. */
  readonly ignoredMs: number;
}

/** A bounded number of workers, each of which takes a key from a queue, works on it and takes the next one. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  #workers: Promise<void>[] = [];
  #alive = 0;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  start(): void {
    this.#workers = Array.from({ length: this.#options.workers }, () => this.#work());
  }

  /** Resolves when every worker has ended, as they do once the queue is shut down and empty. */
  async ended(): Promise<void> {
    await Promise.all(this.#workers);
  }

  state(): PoolState {
    const { queue } = this.#options;
    const { running } = queue;
    const workers = this.#workers.length;
    const isFree = running.length < workers;
    return { workers, alive: this.#alive, running, ignoredMs: isFree ? queue.untakenMs : 0 };
  }

  async #work(): Promise<void> {
    const { queue, work } = this.#options;
    this.#alive += 1;
    try {
      for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
        try {
          await work(key);
        } finally {
          queue.done(key);
        }
      }
    } finally {
      this.#alive -= 1;
    }
  }
}
