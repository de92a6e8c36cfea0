/** Resources of one type in one region of one account, in the order of their keys. */
export class Shelf<T> {
  readonly #byKey: Map<string, T>;
  readonly #keys: string[];
  readonly #items: T[];
  /** Made of all of them; forgotten when anything changes. */
  readonly #views = new Map<string, readonly T[]>();

  /** Sorted once, here: no request shall wait for it. */
  constructor(entries: Iterable<readonly [key: string, item: T]> = []) {
    this.#byKey = new Map(entries);
    this.#keys = [...this.#byKey.keys()].sort();
    this.#items = this.#keys.flatMap((key) => this.#byKey.get(key) ?? []);
  }

  get(key: string): T | undefined {
    return this.#byKey.get(key);
  }

  put(key: string, item: T): void {
    const at = this.#positionOf(key);
    const replaced = this.#byKey.has(key) ? 1 : 0;
    this.#keys.splice(at, replaced, key);
    this.#items.splice(at, replaced, item);
    this.#byKey.set(key, item);
    this.#views.clear();
  }

  /** False where there was none. */
  remove(key: string): boolean {
    if (!this.#byKey.delete(key)) return false;
    const at = this.#positionOf(key);
    this.#keys.splice(at, 1);
    this.#items.splice(at, 1);
    this.#views.clear();
    return true;
  }

  /** Changes as the shelf does: not to be kept. */
  all(): readonly T[] {
    return this.#items;
  }

  /** What `make` makes of all, made once for all the pages of a long list. */
  view(name: string, make: (all: readonly T[]) => readonly T[]): readonly T[] {
    let view = this.#views.get(name);
    if (!view) {
      view = make(this.#items);
      this.#views.set(name, view);
    }
    return view;
  }

  /** Where the key is, or would be. */
  #positionOf(key: string): number {
    let [from, to] = [0, this.#keys.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#keys[middle] ?? "") < key) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
