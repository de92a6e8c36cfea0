import { KeyFifo } from "./key-fifo.ts";

/** `high`: somebody waits for it. It goes ahead of every `normal` key that waits. */
export type Priority = "high" | "normal";

/**
 * How many high keys in a row may pass over a normal one that waits; then one normal key goes. So normal keys have
 * every fifth turn at least, however many high ones come, and a high one waits for one normal key in five at most.
 */
export const MAX_PASSED_OVER = 4;

/** The keys that could be worked on now, in the order in which they will be: by priority, then by age. */
export class ReadyKeys {
  readonly #high = new KeyFifo();
  readonly #normal = new KeyFifo();
  /** High keys taken in a row while a normal one waited. */
  #passedOver = 0;

  get size(): number {
    return this.#high.size + this.#normal.size;
  }

  /** Adds a key behind those of its priority. One that is there keeps its place, except that high moves it up. */
  add(key: string, priority: Priority): void {
    if (priority === "high") {
      this.#normal.delete(key);
      this.#high.push(key);
    } else if (!this.#high.has(key)) {
      this.#normal.push(key);
    }
  }

  /** Takes the key whose turn it is; undefined where there is none. */
  take(): string | undefined {
    const normalWaits = this.#normal.size > 0;
    if (this.#high.size === 0 || (normalWaits && this.#passedOver === MAX_PASSED_OVER)) {
      this.#passedOver = 0;
      return this.#normal.shift();
    }
    this.#passedOver = normalWaits ? this.#passedOver + 1 : 0;
    return this.#high.shift();
  }
}
