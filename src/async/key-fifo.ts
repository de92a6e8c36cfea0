interface Link<K> {
  readonly key: K;
  before: Link<K> | undefined;
  after: Link<K> | undefined;
}

/**
 * Keys in the order in which they came, each at most once; every operation takes constant time. A linked list,
 * because a key may leave from the middle, and because taking the first of a `Set` again and again walks over the
 * places of all that have left before it.
 */
export class KeyFifo<K> {
  readonly #links = new Map<K, Link<K>>();
  #first: Link<K> | undefined;
  #last: Link<K> | undefined;

  get size(): number {
    return this.#links.size;
  }

  /** The first key, which stays; undefined where there is none. */
  get first(): K | undefined {
    return this.#first?.key;
  }

  has(key: K): boolean {
    return this.#links.has(key);
  }

  /** Puts a key at the end; one that is there already keeps its place. */
  push(key: K): void {
    if (this.has(key)) return;
    const link: Link<K> = { key, before: this.#last, after: undefined };
    if (this.#last === undefined) this.#first = link;
    else this.#last.after = link;
    this.#last = link;
    this.#links.set(key, link);
  }

  /** Takes a key from wherever it stands; false where it is not there. */
  delete(key: K): boolean {
    const link = this.#links.get(key);
    if (link === undefined) return false;
    const { before, after } = link;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    return this.#links.delete(key);
  }
}
