/** What a list tells of a resource that changes with it. Times are ms since the epoch. */
export interface Version {
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** What a Describe told of one version, when (ms), and whom. */
export interface Description extends Version {
  /** The one field that the verdict rests on. */
  readonly value: string;
  readonly observedAt: number;
  /** The ARN of the identity that asked. */
  readonly observedBy: string;
}

const FIRST_CAPACITY = 16;

/**
 * Descriptions by key, in columns: a hundred thousand of them as objects take twice the memory. Texts that many share
 * are told by number.
 */
export class DescriptionTable {
  readonly #rows = new Map<string, number>();
  readonly #values = new Numbered();
  readonly #observers = new Numbered();
  #free: number[] = [];
  #created = new Float64Array(FIRST_CAPACITY);
  #modified = new Float64Array(FIRST_CAPACITY);
  #observed = new Float64Array(FIRST_CAPACITY);
  #value = new Uint16Array(FIRST_CAPACITY);
  #observer = new Uint16Array(FIRST_CAPACITY);
  /** The listing that named it last. */
  #listing = new Uint32Array(FIRST_CAPACITY);

  get size(): number {
    return this.#rows.size;
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  /** The description of a key, which `listing` names. */
  named(key: string, listing: number): Description | undefined {
    const row = this.#rows.get(key);
    if (row === undefined) return undefined;
    this.#listing[row] = listing;
    return {
      createdAt: this.#created[row] ?? 0,
      modifiedAt: this.#modified[row] ?? 0,
      observedAt: this.#observed[row] ?? 0,
      observedBy: this.#observers.text(this.#observer[row] ?? 0),
      value: this.#values.text(this.#value[row] ?? 0),
    };
  }

  set(key: string, description: Description, listing: number): void {
    const row = this.#rows.get(key) ?? this.#newRow(key);
    this.#created[row] = description.createdAt;
    this.#modified[row] = description.modifiedAt;
    this.#observed[row] = description.observedAt;
    this.#observer[row] = this.#observers.number(description.observedBy);
    this.#value[row] = this.#values.number(description.value);
    this.#listing[row] = listing;
  }

  /** Removes what no listing from `listing` on has named; yields the keys. */
  *prune(listing: number): Generator<string> {
    for (const [key, row] of this.#rows) {
      if ((this.#listing[row] ?? 0) >= listing) continue;
      this.#rows.delete(key);
      this.#free.push(row);
      yield key;
    }
  }

  #newRow(key: string): number {
    const row = this.#free.pop() ?? this.#rows.size;
    if (row >= this.#created.length) this.#grow();
    this.#rows.set(key, row);
    return row;
  }

  #grow(): void {
    // Not doubled: a copy of a large column is cheap, and half of it unused is not.
    const capacity = Math.ceil(this.#created.length * 1.5);
    this.#created = copied(this.#created, new Float64Array(capacity));
    this.#modified = copied(this.#modified, new Float64Array(capacity));
    this.#observed = copied(this.#observed, new Float64Array(capacity));
    this.#value = copied(this.#value, new Uint16Array(capacity));
    this.#observer = copied(this.#observer, new Uint16Array(capacity));
    this.#listing = copied(this.#listing, new Uint32Array(capacity));
  }
}

/** Texts of which there are few, by number. */
class Numbered {
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  text(number: number): string {
    return this.#texts[number] ?? "";
  }

  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.length;
    if (number > 0xffff) throw new RangeError("there are more than 65,536 texts where there should be few");
    this.#texts.push(text);
    this.#numbers.set(text, number);
    return number;
  }
}

function copied<Column extends Float64Array | Uint16Array | Uint32Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
