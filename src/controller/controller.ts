import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import type { InformerGroup } from "./informer/informer-group.ts";
import type { Ledger } from "./ledger.ts";
import { StaleViewError, SupersededError } from "./ownership.ts";
import type { RateLimitingQueue } from "./queue/rate-limiting-queue.ts";
import { type PoolState, WorkerPool } from "./queue/worker-pool.ts";
import type { Reconciler } from "./reconciler.ts";
import type { ScanRunner } from "./scan-runner.ts";

export interface ControllerOptions {
  readonly informer: InformerGroup<AwsAccountScan>;
  readonly queue: RateLimitingQueue;
  readonly reconciler: Pick<Reconciler, "reconcile" | "stopStarting">;
  readonly runner: Pick<ScanRunner, "start" | "stop" | "job" | "hasNews">;
  readonly ledger: Ledger;
  readonly log: Logger;
  /** Reconciles at once; none of them waits for a scan. */
  readonly workers: number;
  /** Whether the scan is one of those that this process works on. */
  readonly isOurs: (scan: AwsAccountScan) => boolean;
  readonly now: () => number;
  /** Called for every reconcile. */
  onReconciled(result: "success" | "requeue_after" | "error"): void;
}

const STOPPING_RETRY_MS = 500;

/** The loop: what the informer sees goes through the queue to the reconciler, and comes again when it asks. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #pool: WorkerPool;
  #working = false;
  #restored = false;
  #stopping = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
    const { queue, workers } = options;
    this.#pool = new WorkerPool({ queue, workers, work: (key) => this.#reconcile(key) });
  }

  /** Follows the scans and does nothing about them: so that whoever takes over knows them already. */
  watch(): void {
    this.#options.informer.start();
  }

  /** Does from now on what the scans ask for. */
  work(): void {
    this.#working = true;
    this.#options.runner.start();
    this.#pool.start();
  }

  /** Looks at every scan anew: which are ours may have changed, or the clock by which they asked to be looked at. */
  lookAtAll(): void {
    const { informer, queue } = this.#options;
    for (const { metadata } of informer.list()) queue.add(keyOf(metadata));
  }

  /** What the reconciles are doing, for health. */
  state(): PoolState {
    return this.#pool.state();
  }

  /**
   * Whether it works, the cache is filled, and the record of every scan in it that is ours has been looked for: true for good
   * once it was.
   */
  get ready(): boolean {
    this.#restored ||=
      this.#working && this.#options.informer.synced && this.#unrestored().next().done === true;
    return this.#restored;
  }

  /** The keys of our scans whose record has not been looked for yet; none once {@link ready}, and none while it does not work. */
  unrestored(): string[] {
    return this.ready || !this.#working ? [] : [...this.#unrestored()];
  }

  /**
   * Stops: nothing new is started, scans under way may end until `grace` aborts, and what has ended by then is
   * written.
   */
  async stop(grace: AbortSignal): Promise<void> {
    const { informer, queue, reconciler, runner } = this.#options;
    this.#stopping = true;
    reconciler.stopStarting();
    if (this.#working) {
      await runner.stop(grace);
      await queue.shutDownWithDrain();
      await this.#pool.ended();
    }
    // Last: what is written to the end needs to see what became of the resource.
    await informer.stop();
  }

  *#unrestored(): Generator<string, void> {
    const { informer, ledger, isOurs } = this.#options;
    for (const scan of informer.list()) {
      const { metadata } = scan;
      // One that is being deleted is no longer anybody's.
      if (metadata.deletionTimestamp !== undefined || !isOurs(scan)) continue;
      const key = keyOf(metadata);
      if (ledger.get(key) === undefined) yield key;
    }
  }

  async #reconcile(key: string): Promise<void> {
    const { queue, reconciler, runner, log, now, onReconciled } = this.#options;
    // The next process looks at every scan anew; only what this one alone knows must not wait behind a backlog.
    if (this.#stopping && !runner.hasNews(key)) return;
    try {
      const again = await reconciler.reconcile(key);
      queue.forget(key);
      if (again !== undefined) queue.addAfter(key, Math.max(0, again - now()));
      onReconciled(again === undefined ? "success" : "requeue_after");
    } catch (error) {
      const mustLookAgain = error instanceof StaleViewError || error instanceof SupersededError;
      onReconciled(mustLookAgain ? "requeue_after" : "error");
      if (this.#stopping && (runner.job(key)?.result !== undefined || error instanceof StaleViewError)) {
        // The queue takes nothing any more, and nobody else knows what the scan found: on, until the process must end.
        log[mustLookAgain ? "debug" : "warn"](
          { err: error, key },
          "the outcome of a scan is not written yet, trying again",
        );
        await sleep(STOPPING_RETRY_MS);
        await this.#reconcile(key);
        return;
      }
      const facts = { err: error, key, retries: queue.numRequeues(key) };
      if (mustLookAgain) log.debug(facts, "the scan has changed, looking again");
      else log.warn(facts, "reconcile failed, trying again");
      queue.addRateLimited(key);
    }
  }
}

function keyOf({ namespace, name }: AwsAccountScan["metadata"]): string {
  return `${namespace}/${name}`;
}
