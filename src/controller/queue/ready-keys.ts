import { FairTurns } from "../../async/fair-turns.ts";

/** `high`: somebody waits for it. It goes ahead of every `normal` key that waits. */
export type Priority = "high" | "normal";

/**
 * How many high keys in a row may pass over a normal one that waits; then one normal key goes. So normal keys have
 * every fifth turn at least, however many high ones come, and a high one waits for one normal key in five at most.
 */
export const MAX_PASSED_OVER = 4;

/** `idle`: only keys of namespaces of which none is worked on. */
export type Candidates = "any" | "idle";

/** The keys that could be worked on now, in the order in which they will be: by priority, then in fair turns. */
export class ReadyKeys {
  readonly #high = new FairTurns<string, string>();
  readonly #normal = new FairTurns<string, string>();
  /** How many keys of a namespace have been taken and are not done; none is 0. */
  readonly #running = new Map<string, number>();
  /** High keys taken in a row while a normal one could have been. */
  #passedOver = 0;

  get size(): number {
    return this.#high.size + this.#normal.size;
  }

  /** Whether `take` would find a key. */
  has(candidates: Candidates): boolean {
    const most = maxRunning(candidates);
    return this.#high.next(most) !== undefined || this.#normal.next(most) !== undefined;
  }

  /** Adds a key to those of its priority. One that is there keeps its place, except that high moves it up. */
  add(key: string, priority: Priority): void {
    const namespace = namespaceOf(key);
    const running = this.#running.get(namespace) ?? 0;
    if (priority === "high") {
      this.#normal.delete(namespace, key);
      this.#high.push(namespace, key, running);
    } else if (!this.#high.has(namespace, key)) {
      this.#normal.push(namespace, key, running);
    }
  }

  /** Takes the key whose turn it is, until it is `done`; undefined where there is none. */
  take(candidates: Candidates = "any"): string | undefined {
    const most = maxRunning(candidates);
    const high = this.#high.next(most);
    const normal = this.#normal.next(most);
    const isNormal = high === undefined || (normal !== undefined && this.#passedOver >= MAX_PASSED_OVER);
    const key = isNormal ? normal : high;
    if (key === undefined) return undefined;
    if (isNormal || this.#normal.size === 0) this.#passedOver = 0;
    else if (normal !== undefined) this.#passedOver += 1;
    const namespace = namespaceOf(key);
    (isNormal ? this.#normal : this.#high).delete(namespace, key);
    this.#count(namespace, 1);
    return key;
  }

  /** A key that was taken is worked on no more. */
  done(key: string): void {
    this.#count(namespaceOf(key), -1);
  }

  #count(namespace: string, change: 1 | -1): void {
    const running = (this.#running.get(namespace) ?? 0) + change;
    if (running === 0) this.#running.delete(namespace);
    else this.#running.set(namespace, running);
    this.#high.setRunning(namespace, running);
    this.#normal.setRunning(namespace, running);
  }
}

function maxRunning(candidates: Candidates): number {
  return candidates === "idle" ? 0 : Number.MAX_SAFE_INTEGER;
}

/** Of a key `namespace/name`; keys without a namespace share one. */
function namespaceOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf("/")));
}
