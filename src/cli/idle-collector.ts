import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export interface IdleCollectorOptions {
  /** Whether anything is under way that will leave more behind. */
  readonly isBusy: () => boolean;
  /** Bytes of the heap in use. */
  readonly heapUsed: () => number;
  /** Collects all garbage. */
  readonly collect: () => void;
}

/** After the last that happened: what follows at once would be collected in vain. */
const REST_MS = 10_000;
/** What a heap grows to, of what was left the last time, before it is worth tens of milliseconds. */
const GROWTH = 1.25;

/**
 * Collects what a wave of scans has left behind once it is over. V8 collects when something is allocated: a process at rest keeps
 * the garbage, and the pages, of the busiest moment that it had.
 */
export class IdleCollector {
  readonly #options: IdleCollectorOptions;
  #timer: NodeJS.Timeout | undefined;
  #leftBytes = 0;

  constructor(options: IdleCollectorOptions) {
    this.#options = options;
  }

  /** Something has begun or ended. */
  noticed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rest(), REST_MS).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #rest(): void {
    const { isBusy, heapUsed, collect } = this.#options;
    if (isBusy() || heapUsed() < GROWTH * this.#leftBytes) return;
    collect();
    this.#leftBytes = heapUsed();
  }
}

/**
 * V8's own collector, which it shows where it is asked to: in a context that is made at the first collection and not at the
 * start. Takes some tens of milliseconds for as many MiB.
 */
export function fullCollection(): () => void {
  let gc: ((options: { type: "major" }) => void) | undefined;
  return () => {
    setFlagsFromString("--expose-gc");
    gc ??= runInNewContext("gc") as typeof gc;
    gc?.({ type: "major" });
  };
}
