interface Link {
  readonly key: string;
  before: Link | undefined;
  after: Link | undefined;
}

/**
 * Keys in the order in which they came, each at most once; every operation takes constant time. A linked list,
 * because a key may leave from the middle, and because taking the first of a `Set` again and again walks over the
 * places of all that have left before it.
 */
export class KeyFifo {
  readonly #links = new Map<string, Link>();
  #first: Link | undefined;
  #last: Link | undefined;

  get size(): number {
    return this.#links.size;
  }

  /** The first key, which stays; undefined where there is none. */
  get first(): string | undefined {
    return this.#first?.key;
  }

  has(key: string): boolean {
    return this.#links.has(key);
  }

  /** Puts a key at the end; one that is there already keeps its place. */
  push(key: string): void {
    if (this.has(key)) return;
    const link: Link = { key, before: this.#last, after: undefined };
    if (this.#last === undefined) this.#first = link;
    else this.#last.after = link;
    this.#last = link;
    this.#links.set(key, link);
  }

  /** Takes a key from wherever it stands; false where it is not there. */
  delete(key: string): boolean {
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
