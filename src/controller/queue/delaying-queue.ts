import { type Clock, MAX_TIMER_MS, systemClock } from "./clock.ts";
import { DelayHeap } from "./delay-heap.ts";
import { noQueueMetrics, type QueueMetrics } from "./metrics.ts";
import { type AddOptions, type QueueOptions, WorkQueue } from "./queue.ts";

/** A work queue that also adds keys later. However many wait, there is one timer: that of the first. */
export class DelayingQueue extends WorkQueue {
  readonly #clock: Clock;
  readonly #metrics: QueueMetrics;
  readonly #delayed = new DelayHeap();
  /** Invariant: set exactly while a key is delayed, and never for later than the first is due. */
  #timer: { readonly atMs: number; readonly cancel: () => void } | undefined;

  constructor(options: QueueOptions = {}) {
    super(options);
    this.#clock = options.clock ?? systemClock;
    this.#metrics = options.metrics ?? noQueueMetrics;
  }

  /**
   * Adds a key when `delayMs` have passed; at once where that is not positive. A key that is delayed already takes
   * the earlier of both times and the higher of both priorities. `add` leaves a delay as it is: the key comes again.
   * Ignored when shutting down, which also drops the keys whose time has not come.
   * @throws {RangeError} where the delay is no finite number.
   */
  addAfter(key: string, delayMs: number, { priority = "normal" }: AddOptions = {}): void {
    if (!Number.isFinite(delayMs)) {
      throw new RangeError(
        `addAfter(${JSON.stringify(key)}): expected a finite number of milliseconds, got ${delayMs}`,
      );
    }
    if (this.shuttingDown) return;
    this.#metrics.retried();
    if (delayMs <= 0) {
      this.add(key, { priority });
      return;
    }
    const nowMs = this.#clock.now();
    this.#delayed.add({ key, atMs: nowMs + delayMs, priority });
    this.#arm(nowMs);
  }

  override shutDown(): void {
    this.#dropDelayed();
    super.shutDown();
  }

  override shutDownWithDrain(): Promise<void> {
    this.#dropDelayed();
    return super.shutDownWithDrain();
  }

  /** Sees to it that the timer fires when the first key is due, or as late as a timer can. */
  #arm(nowMs: number): void {
    const atMs = this.#delayed.nextMs;
    if (atMs === undefined || (this.#timer !== undefined && this.#timer.atMs <= atMs)) return;
    this.#timer?.cancel();
    const ms = Math.min(atMs - nowMs, MAX_TIMER_MS);
    this.#timer = { atMs: nowMs + ms, cancel: this.#clock.setTimer(ms, () => this.#release()) };
  }

  #release(): void {
    this.#timer = undefined;
    const nowMs = this.#clock.now();
    for (let due = this.#delayed.takeDue(nowMs); due !== undefined; due = this.#delayed.takeDue(nowMs)) {
      this.add(due.key, { priority: due.priority });
    }
    this.#arm(nowMs);
  }

  #dropDelayed(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#delayed.clear();
  }
}
