import type { Priority } from "./ready-keys.ts";

/** A key that waits for its time. */
export interface Delayed {
  readonly key: string;
  readonly atMs: number;
  readonly priority: Priority;
}

interface Entry extends Delayed {
  atMs: number;
  priority: Priority;
  /** Keys of one time go in the order in which it was asked for. */
  order: number;
  /** Its place in the heap. */
  index: number;
}

/**
 * Keys by the time at which they are due, each at most once. A binary heap whose entries know their places: adding,
 * bringing forward and taking cost O(log n).
 */
export class DelayHeap {
  readonly #byKey = new Map<string, Entry>();
  /** Invariant: no entry is due before its parent; that of index i is at (i - 1) >> 1. */
  readonly #heap: Entry[] = [];
  #orders = 0;

  /** When the first key is due; undefined where there is none. */
  get nextMs(): number | undefined {
    return this.#heap[0]?.atMs;
  }

  /** Adds a key. One that waits already takes the earlier of both times and the higher of both priorities. */
  add({ key, atMs, priority }: Delayed): void {
    const known = this.#byKey.get(key);
    if (known === undefined) {
      const entry = { key, atMs, priority, order: this.#orders++, index: this.#heap.length };
      this.#byKey.set(key, entry);
      this.#heap.push(entry);
      this.#rise(entry);
      return;
    }
    if (priority === "high") known.priority = "high";
    if (atMs >= known.atMs) return;
    known.atMs = atMs;
    known.order = this.#orders++;
    this.#rise(known);
  }

  /** Takes the first key that is due at `nowMs`; undefined where none is. */
  takeDue(nowMs: number): Delayed | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.atMs > nowMs) return undefined;
    this.#byKey.delete(first.key);
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) {
      this.#place(last, 0);
      this.#sink(last);
    }
    return first;
  }

  clear(): void {
    this.#byKey.clear();
    this.#heap.length = 0;
  }

  #rise(entry: Entry): void {
    for (;;) {
      const parent = entry.index === 0 ? undefined : this.#heap[(entry.index - 1) >> 1];
      if (parent === undefined || !before(entry, parent)) return;
      this.#swap(entry, parent);
    }
  }

  #sink(entry: Entry): void {
    for (;;) {
      const left = this.#heap[2 * entry.index + 1];
      const right = this.#heap[2 * entry.index + 2];
      const child = left !== undefined && right !== undefined && before(right, left) ? right : left;
      if (child === undefined || !before(child, entry)) return;
      this.#swap(entry, child);
    }
  }

  #swap(one: Entry, other: Entry): void {
    const { index } = one;
    this.#place(one, other.index);
    this.#place(other, index);
  }

  #place(entry: Entry, index: number): void {
    entry.index = index;
    this.#heap[index] = entry;
  }
}

function before(one: Entry, other: Entry): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
