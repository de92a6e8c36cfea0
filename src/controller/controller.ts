import type { Logger } from "pino";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import type { InformerGroup } from "./informer/informer-group.ts";
import type { Ledger } from "./ledger.ts";
import type { RateLimitingQueue } from "./queue/rate-limiting-queue.ts";
import type { Reconciler } from "./reconciler.ts";
import type { ScanRunner } from "./scan-runner.ts";

export interface ControllerOptions {
  readonly informer: InformerGroup<AwsAccountScan>;
  readonly queue: RateLimitingQueue;
  readonly reconciler: Reconciler;
  readonly runner: ScanRunner;
  readonly ledger: Ledger;
  readonly log: Logger;
  /** Reconciles at once; none of them waits for a scan. */
  readonly workers: number;
  readonly now: () => number;
  /** Called for every reconcile. */
  onReconciled(result: "success" | "requeue_after" | "error"): void;
}

/** The loop: what the informer sees goes through the queue to the reconciler, and comes again when it asks. */
export class Controller {
  readonly #options: ControllerOptions;
  #workers: Promise<void>[] = [];
  #alive = 0;
  #restored = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
  }

  start(): void {
    const { informer, runner, workers } = this.#options;
    runner.start();
    informer.start();
    this.#workers = Array.from({ length: workers }, () => this.#work());
  }

  /** Whether every worker still takes keys. */
  get alive(): boolean {
    return this.#alive === this.#options.workers;
  }

  /** Whether the cache is filled, and the record of every scan in it has been looked for: true for good once it was. */
  get ready(): boolean {
    const { informer, ledger } = this.#options;
    this.#restored ||=
      informer.synced &&
      informer
        .list()
        // One that is being deleted is no longer anybody's.
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .every(({ metadata }) => ledger.get(keyOf(metadata)) !== undefined);
    return this.#restored;
  }

  /**
   * Stops: nothing new is started, scans under way may end until `grace` aborts, and what has ended by then is
   * written.
   */
  async stop(grace: AbortSignal): Promise<void> {
    const { informer, queue, reconciler, runner } = this.#options;
    reconciler.stopStarting();
    await runner.stop(grace);
    await informer.stop();
    await queue.shutDownWithDrain();
    await Promise.all(this.#workers);
  }

  async #work(): Promise<void> {
    const { queue } = this.#options;
    this.#alive += 1;
    try {
      for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
        try {
          await this.#reconcile(key);
        } finally {
          queue.done(key);
        }
      }
    } finally {
      this.#alive -= 1;
    }
  }

  async #reconcile(key: string): Promise<void> {
    const { queue, reconciler, log, now, onReconciled } = this.#options;
    try {
      const again = await reconciler.reconcile(key);
      queue.forget(key);
      if (again !== undefined) queue.addAfter(key, Math.max(0, again - now()));
      onReconciled(again === undefined ? "success" : "requeue_after");
    } catch (error) {
      onReconciled("error");
      log.warn({ err: error, key, retries: queue.numRequeues(key) }, "reconcile failed, trying again");
      queue.addRateLimited(key);
    }
  }
}

function keyOf({ namespace, name }: AwsAccountScan["metadata"]): string {
  return `${namespace}/${name}`;
}
