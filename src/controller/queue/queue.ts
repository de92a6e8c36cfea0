import { type Clock, systemClock } from "./clock.ts";
import { noQueueMetrics, type QueueMetrics, type QueueState } from "./metrics.ts";
import { type Candidates, type Priority, ReadyKeys } from "./ready-keys.ts";

/** How many keys may be worked on at once. */
export interface Slots {
  /** For keys of whatever namespace. */
  readonly shared: number;
  /**
   * More, while the shared ones are taken: each for a key of a namespace of which none is worked on. So namespaces whose
   * keys take all the shared ones for long leave a way open to the others.
   */
  readonly spare: number;
}

export interface QueueOptions {
  /** Default: as many as workers ask. */
  readonly slots?: Slots;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: none. One queue's own. */
  readonly metrics?: QueueMetrics;
}

export interface AddOptions {
  /** Default: normal. */
  readonly priority?: Priority;
}

/** A key that is worked on. */
export interface RunningKey {
  readonly key: string;
  readonly runningMs: number;
}

const BOUNDLESS: Slots = { shared: Number.POSITIVE_INFINITY, spare: 0 };

interface Need {
  priority: Priority;
  readonly sinceMs: number;
}

/**
 * Keys to be worked on, with the promises of client-go's `util/workqueue`:
 *
 * - fair: namespaces take turns within a priority, the one of which the fewest are worked on first; it is first come,
 *   first served within a namespace, and no flood of high ones starves the normal ones;
 * - stingy: a key is never worked on twice at once, and any number of adds before it is taken is one run;
 * - nothing is lost: an add while the key is worked on runs it once more after `done`;
 * - shutdown is told: what is queued is still handed out, then `get` answers undefined.
 *
 * No operation takes longer for more keys or more namespaces.
 */
export class WorkQueue {
  /** The keys that need work, with the highest priority they were added with since they were last taken. */
  readonly #dirty = new Map<string, Need>();

  /**
   * The keys that are worked on, with the time at which they were taken. A key may be dirty at the same time: then
   * it was added again, and `done` makes it ready.
   */
  readonly #processing = new Map<string, number>();

  /** The order of work. Invariant: exactly the keys that are dirty and not processing. */
  readonly #ready = new ReadyKeys();

  /**
   * Calls of `get` without an answer, oldest first; as many as idle workers, so few. Invariant: there are some only
   * while no key can be taken, and none once the queue has been shut down and nothing is ready.
   */
  readonly #getters: ((key: string | undefined) => void)[] = [];

  readonly #slots: Slots;
  readonly #clock: Clock;
  readonly #metrics: QueueMetrics;
  /** When a key was taken last, or one could be after none could: read only while one can. */
  #untakenSinceMs = 0;
  #shuttingDown = false;
  #drain: PromiseWithResolvers<void> | undefined;

  constructor({ slots = BOUNDLESS, clock = systemClock, metrics = noQueueMetrics }: QueueOptions = {}) {
    this.#slots = slots;
    this.#clock = clock;
    this.#metrics = metrics;
    metrics.watch(() => this.#state());
  }

  /** How many keys wait to be taken. */
  get size(): number {
    return this.#ready.size;
  }

  /** The keys that are worked on, the one that was taken first at the head. */
  get running(): RunningKey[] {
    const nowMs = this.#clock.now();
    return [...this.#processing].map(([key, sinceMs]) => ({ key, runningMs: nowMs - sinceMs }));
  }

  /** How long (ms) keys could have been taken without one of them being so; 0 where none can. */
  get untakenMs(): number {
    return this.#isTakeable ? this.#clock.now() - this.#untakenSinceMs : 0;
  }

  /** Whether the queue takes no more keys. */
  get shuttingDown(): boolean {
    return this.#shuttingDown;
  }

  /**
   * Marks a key as needing work. A key that waits already keeps its place, or moves up if `priority` is higher than
   * before; it never moves down. Ignored when shutting down.
   */
  add(key: string, { priority = "normal" }: AddOptions = {}): void {
    if (this.#shuttingDown) return;
    const need = this.#dirty.get(key);
    if (need === undefined) {
      this.#dirty.set(key, { priority, sinceMs: this.#clock.now() });
      this.#metrics.added();
    } else if (priority === "high") {
      need.priority = "high";
    }
    if (this.#processing.has(key)) return;
    const wasTakeable = this.#isTakeable;
    this.#ready.add(key, priority);
    this.#changed(wasTakeable);
  }

  /**
   * Takes the next key, as soon as there is one and a slot for it; undefined: the queue has been shut down and nothing
   * is ready, so the worker should end. Who was given a key must call `done` with it.
   */
  get(): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    this.#getters.push(resolve);
    this.#serve();
    return promise;
  }

  /**
   * The work on a key has ended, however it went. If it was added meanwhile, it is ready again.
   * @throws {Error} where nobody works on the key: to go on would let two work on it at once.
   */
  done(key: string): void {
    const sinceMs = this.#processing.get(key);
    if (sinceMs === undefined) {
      throw new Error(`done(${JSON.stringify(key)}): nobody works on this key; call done once for each get`);
    }
    const wasTakeable = this.#isTakeable;
    this.#processing.delete(key);
    this.#ready.done(key);
    this.#metrics.finished(this.#clock.now() - sinceMs);
    const need = this.#dirty.get(key);
    if (need !== undefined) this.#ready.add(key, need.priority);
    else if (this.#drained) this.#stopDraining();
    this.#changed(wasTakeable);
  }

  /**
   * Takes no more keys. Workers are still given what waits, then undefined. Whoever waits in `shutDownWithDrain`
   * waits no longer.
   */
  shutDown(): void {
    this.#close();
    this.#stopDraining();
  }

  /**
   * Takes no more keys, and resolves when every key added before has been worked on and is `done`. Without workers
   * that go on until `get` answers undefined that is never: then `shutDown` ends the wait.
   */
  shutDownWithDrain(): Promise<void> {
    this.#close();
    if (this.#drained) return Promise.resolve();
    this.#drain ??= Promise.withResolvers();
    return this.#drain.promise;
  }

  /** Nothing waits and nothing is worked on. */
  get #drained(): boolean {
    return this.#dirty.size === 0 && this.#processing.size === 0;
  }

  #close(): void {
    this.#shuttingDown = true;
    this.#serve();
  }

  #stopDraining(): void {
    this.#drain?.resolve();
    this.#drain = undefined;
  }

  /** Whose keys may be taken now; undefined where every slot is. */
  get #candidates(): Candidates | undefined {
    const { shared, spare } = this.#slots;
    const taken = this.#processing.size;
    if (taken < shared) return "any";
    return taken < shared + spare ? "idle" : undefined;
  }

  get #isTakeable(): boolean {
    const candidates = this.#candidates;
    return candidates !== undefined && this.#ready.has(candidates);
  }

  /** There is another key, or another slot. */
  #changed(wasTakeable: boolean): void {
    if (!wasTakeable) this.#untakenSinceMs = this.#clock.now();
    this.#serve();
  }

  /** Answers those that wait in `get`, as far as there is an answer. */
  #serve(): void {
    while (this.#getters.length > 0) {
      const key = this.#take();
      if (key === undefined && !(this.#shuttingDown && this.#ready.size === 0)) return;
      this.#getters.shift()?.(key);
    }
  }

  /** Moves the next ready key to those that are worked on. */
  #take(): string | undefined {
    const candidates = this.#candidates;
    const key = candidates === undefined ? undefined : this.#ready.take(candidates);
    if (key === undefined) return undefined;
    const nowMs = this.#clock.now();
    this.#metrics.taken(nowMs - (this.#dirty.get(key)?.sinceMs ?? nowMs));
    this.#dirty.delete(key);
    this.#processing.set(key, nowMs);
    this.#untakenSinceMs = nowMs;
    return key;
  }

  #state(): QueueState {
    const nowMs = this.#clock.now();
    const agesMs = [...this.#processing.values()].map((sinceMs) => nowMs - sinceMs);
    return {
      depth: this.#dirty.size,
      unfinishedWorkMs: agesMs.reduce((sum, ageMs) => sum + ageMs, 0),
      longestRunningProcessorMs: Math.max(0, ...agesMs),
    };
  }
}
