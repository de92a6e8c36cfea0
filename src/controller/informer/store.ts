import type { KubeObject } from "../../kube/client.ts";

/** What happened to the object of a key: created (no `before`), deleted (no `now`) or changed (both). */
export interface Change<T> {
  readonly key: string;
  readonly now: T | undefined;
  readonly before: T | undefined;
}

/**
 * The cache. Its objects are shared, and therefore deeply frozen. An object that was replaced by another of the same
 * name (its uid tells) is a deletion and a creation, whether or not anybody saw the moment between.
 */
export class Store<T extends KubeObject> {
  #objects = new Map<string, T>();

  /** The object of `namespace/name`. */
  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  /** All objects, in no particular order. */
  list(): T[] {
    return [...this.#objects.values()];
  }

  /** Takes what a watch saw created or changed. */
  put(object: T): Change<T>[] {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    const now = admit(object);
    this.#objects.set(key, now);
    return changes(key, now, before);
  }

  /** Takes what a watch saw deleted. */
  remove(object: T): Change<T>[] {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    this.#objects.delete(key);
    return changes(key, undefined, before);
  }

  /** Takes a whole list, and tells what a watch would have told since the last one. Deletions come first. */
  replace(objects: readonly T[]): Change<T>[] {
    const before = this.#objects;
    this.#objects = new Map(objects.map((object) => [keyOf(object), admit(object)]));
    const gone = [...before].filter(([key]) => !this.#objects.has(key));
    return [
      ...gone.flatMap(([key, object]) => changes(key, undefined, object)),
      ...[...this.#objects].flatMap(([key, object]) => changes(key, object, before.get(key))),
    ];
  }
}

/** `namespace/name`; a cluster-scoped object's key is its name. */
export function keyOf({ metadata: { namespace, name } }: KubeObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function changes<T extends KubeObject>(key: string, now: T | undefined, before: T | undefined): Change<T>[] {
  if (now === undefined || before === undefined) {
    return now === before ? [] : [{ key, now, before }];
  }
  if (now.metadata.uid !== before.metadata.uid) {
    return [
      { key, now: undefined, before },
      { key, now, before: undefined },
    ];
  }
  return now.metadata.resourceVersion === before.metadata.resourceVersion ? [] : [{ key, now, before }];
}

/** Without its managed fields, which nobody here reads and which can outweigh the rest of it. */
function admit<T extends KubeObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata as T["metadata"] & { managedFields?: unknown };
  return deepFreeze({ ...object, metadata });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
