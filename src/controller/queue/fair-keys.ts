import { KeyFifo } from "./key-fifo.ts";

interface Namespace {
  readonly keys: KeyFifo;
  /** How many of its keys are worked on, of whatever priority. */
  running: number;
}

/**
 * Keys of one priority. The namespace of which the fewest are worked on goes first, and those that are equal in this
 * take turns; within a namespace it is first come, first served. So one with many keys, or with keys that take long,
 * holds up nobody but itself.
 *
 * However many keys and namespaces there are, each operation takes constant time, but for `next`: that looks at every
 * number of running keys that some namespace has. Where n are worked on in all, these are √2n different numbers at most.
 */
export class FairKeys {
  /** Those that have keys here. */
  readonly #namespaces = new Map<string, Namespace>();
  /** The same by how many of theirs are worked on, each in the order of its turns. None is empty. */
  readonly #turns = new Map<number, KeyFifo>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(namespace: string, key: string): boolean {
    return this.#namespaces.get(namespace)?.keys.has(key) ?? false;
  }

  /** Puts a key behind the others of its namespace, of which `running` are worked on; one that is there stays. */
  push(namespace: string, key: string, running: number): void {
    let known = this.#namespaces.get(namespace);
    if (known === undefined) {
      known = { keys: new KeyFifo(), running };
      this.#namespaces.set(namespace, known);
      this.#queueUp(namespace, running);
    }
    if (known.keys.has(key)) return;
    known.keys.push(key);
    this.#size += 1;
  }

  /** Takes a key from wherever it stands; false where it is not there. */
  delete(namespace: string, key: string): boolean {
    const known = this.#namespaces.get(namespace);
    if (known === undefined || !known.keys.delete(key)) return false;
    this.#size -= 1;
    if (known.keys.size === 0) {
      this.#namespaces.delete(namespace);
      this.#leave(namespace, known.running);
    }
    return true;
  }

  /** The key whose turn it is, of the namespaces of which at most `maxRunning` are worked on. It stays. */
  next(maxRunning: number): string | undefined {
    const fewest = Math.min(...this.#turns.keys());
    if (fewest > maxRunning) return undefined;
    const namespace = this.#turns.get(fewest)?.first;
    return namespace === undefined ? undefined : this.#namespaces.get(namespace)?.keys.first;
  }

  /** So many of the namespace are worked on now: its next turn comes after that of its equals. */
  setRunning(namespace: string, running: number): void {
    const known = this.#namespaces.get(namespace);
    if (known === undefined) return;
    this.#leave(namespace, known.running);
    known.running = running;
    this.#queueUp(namespace, running);
  }

  #queueUp(namespace: string, running: number): void {
    const equals = this.#turns.get(running) ?? new KeyFifo();
    equals.push(namespace);
    this.#turns.set(running, equals);
  }

  #leave(namespace: string, running: number): void {
    const equals = this.#turns.get(running);
    equals?.delete(namespace);
    if (equals?.size === 0) this.#turns.delete(running);
  }
}
