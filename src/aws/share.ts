/**
 * Something of which there is so much in the process, shared by whoever takes part at the moment: the more there are,
 * the less is each one's, down to a least.
 */
export class Share {
  readonly #total: number;
  readonly #least: number;
  readonly #most: number;
  #parties = 0;

  constructor({
    total,
    least,
    most,
  }: { readonly total: number; readonly least: number; readonly most: number }) {
    this.#total = total;
    this.#least = least;
    this.#most = most;
  }

  /** Each one's part. */
  get part(): number {
    const even = Math.floor(this.#total / Math.max(1, this.#parties));
    return Math.min(this.#most, Math.max(this.#least, even));
  }

  /** Takes part while `work` goes on. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#parties += 1;
    try {
      return await work();
    } finally {
      this.#parties -= 1;
    }
  }
}
