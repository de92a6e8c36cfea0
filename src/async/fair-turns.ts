import { KeyFifo } from "./key-fifo.ts";

interface Party<K> {
  readonly keys: KeyFifo<K>;
  /** How many things of its are under way. */
  running: number;
}

/**
 * Keys that wait, each of a party. The party of which the fewest are under way goes first, and those that are equal in
 * this take turns; within a party it is first come, first served. So one with many keys, or with keys that take long,
 * holds up nobody but itself.
 *
 * However many keys and parties there are, each operation takes constant time, but for `next`: that looks at every
 * number under way that some party has. Where n are under way in all, these are √2n different numbers at most.
 */
export class FairTurns<P, K> {
  /** Those that have keys here. */
  readonly #parties = new Map<P, Party<K>>();
  /** The same by how many of theirs are under way, each in the order of its turns. None is empty. */
  readonly #turns = new Map<number, KeyFifo<P>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(party: P, key: K): boolean {
    return this.#parties.get(party)?.keys.has(key) ?? false;
  }

  /** Puts a key behind the others of its party, of which `running` are under way; one that is there stays. */
  push(party: P, key: K, running: number): void {
    let known = this.#parties.get(party);
    if (known === undefined) {
      known = { keys: new KeyFifo(), running };
      this.#parties.set(party, known);
      this.#queueUp(party, running);
    }
    if (known.keys.has(key)) return;
    known.keys.push(key);
    this.#size += 1;
  }

  /** Takes a key from wherever it stands; false where it is not there. */
  delete(party: P, key: K): boolean {
    const known = this.#parties.get(party);
    if (known === undefined || !known.keys.delete(key)) return false;
    this.#size -= 1;
    if (known.keys.size === 0) {
      this.#parties.delete(party);
      this.#leave(party, known.running);
    }
    return true;
  }

  /** The key whose turn it is, of the parties of which at most `maxRunning` are under way. It stays. */
  next(maxRunning: number): K | undefined {
    const fewest = Math.min(...this.#turns.keys());
    if (fewest > maxRunning) return undefined;
    const party = this.#turns.get(fewest)?.first;
    return party === undefined ? undefined : this.#parties.get(party)?.keys.first;
  }

  /** So many of the party are under way now: its next turn comes after that of its equals. */
  setRunning(party: P, running: number): void {
    const known = this.#parties.get(party);
    if (known === undefined) return;
    this.#leave(party, known.running);
    known.running = running;
    this.#queueUp(party, running);
  }

  #queueUp(party: P, running: number): void {
    const equals = this.#turns.get(running) ?? new KeyFifo();
    equals.push(party);
    this.#turns.set(running, equals);
  }

  #leave(party: P, running: number): void {
    const equals = this.#turns.get(running);
    equals?.delete(party);
    if (equals?.size === 0) this.#turns.delete(running);
  }
}
