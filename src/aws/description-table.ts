/** What a list tells of a resource that changes with it. Times are ms since the epoch. */
export interface Version {
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** What a Describe told of one version, and when (ms). */
export interface Description extends Version {
  /** The one field that the verdict rests on. */
  readonly value: string;
  readonly observedAt: number;
}

const FIRST_CAPACITY = 16;

/**
 * Descriptions by key, in columns: a hundred thousand of them as objects take twice the memory. Values are few and told
 * by number.
 */
export class DescriptionTable {
  readonly #rows = new Map<string, number>();
  readonly #values: string[] = [];
  #free: number[] = [];
  #created = new Float64Array(FIRST_CAPACITY);
  #modified = new Float64Array(FIRST_CAPACITY);
  #observed = new Float64Array(FIRST_CAPACITY);
  #value = new Uint8Array(FIRST_CAPACITY);
  /** The listing that named it last. */
  #listing = new Uint32Array(FIRST_CAPACITY);

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  /** The description of a key, which `listing` has named. */
  get(key: string, listing: number): Description | undefined {
    const row = this.#rows.get(key);
    if (row === undefined) return undefined;
    this.#listing[row] = listing;
    return {
      createdAt: this.#created[row] ?? 0,
      modifiedAt: this.#modified[row] ?? 0,
      observedAt: this.#observed[row] ?? 0,
      value: this.#values[this.#value[row] ?? 0] ?? "",
    };
  }

  set(key: string, { createdAt, modifiedAt, observedAt, value }: Description, listing: number): void {
    const row = this.#rows.get(key) ?? this.#newRow(key);
    this.#created[row] = createdAt;
    this.#modified[row] = modifiedAt;
    this.#observed[row] = observedAt;
    this.#value[row] = this.#numberOf(value);
    this.#listing[row] = listing;
  }

  /** Removes what no listing from `listing` on has named; returns the keys. */
  *prune(listing: number): Generator<string> {
    for (const [key, row] of this.#rows) {
      if ((this.#listing[row] ?? 0) >= listing) continue;
      this.#rows.delete(key);
      this.#free.push(row);
      yield key;
    }
  }

  keys(): Iterable<string> {
    return this.#rows.keys();
  }

  #newRow(key: string): number {
    const row = this.#free.pop() ?? this.#rows.size;
    if (row >= this.#created.length) this.#grow();
    this.#rows.set(key, row);
    return row;
  }

  #numberOf(value: string): number {
    const known = this.#values.indexOf(value);
    if (known >= 0) return known;
    if (this.#values.length > 255) throw new RangeError("a field whose values are few has more than 256");
    return this.#values.push(value) - 1;
  }

  #grow(): void {
    // Not doubled: a copy of a large column is cheap, and half of it unused is not.
    const capacity = Math.ceil(this.#created.length * 1.5);
    const longer = <Column extends Float64Array | Uint8Array | Uint32Array>(
      to: Column,
      from: Column,
    ): Column => {
      to.set(from);
      return to;
    };
    this.#created = longer(new Float64Array(capacity), this.#created);
    this.#modified = longer(new Float64Array(capacity), this.#modified);
    this.#observed = longer(new Float64Array(capacity), this.#observed);
    this.#value = longer(new Uint8Array(capacity), this.#value);
    this.#listing = longer(new Uint32Array(capacity), this.#listing);
  }
}
