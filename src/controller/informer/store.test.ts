import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../kube/client.ts";
import { type Change, keyOf, Store } from "./store.ts";

const object = (name: string, uid: string, resourceVersion: string): KubeObject => ({
  metadata: { namespace: "team", name, uid, resourceVersion },
});
const words = (changes: readonly Change<KubeObject>[]) =>
  changes.map(({ key, now, before }) => {
    const version = (one: KubeObject | undefined) => one?.metadata.resourceVersion ?? "none";
    return `${key}: ${version(before)} > ${version(now)}`;
  });

describe("Store", () => {
  it("tells creations, changes and deletions", () => {
    const store = new Store();
    expect(words(store.put(object("a", "u1", "1")))).toEqual(["team/a: none > 1"]);
    expect(words(store.put(object("a", "u1", "2")))).toEqual(["team/a: 1 > 2"]);
    expect(words(store.put(object("a", "u1", "2")))).toEqual([]);
    expect(words(store.remove(object("a", "u1", "3")))).toEqual(["team/a: 2 > none"]);
    expect(words(store.remove(object("a", "u1", "3")))).toEqual([]);
  });

  it("tells another object of the same name as a deletion and a creation", () => {
    const store = new Store();
    store.put(object("a", "u1", "1"));
    expect(words(store.put(object("a", "u2", "5")))).toEqual(["team/a: 1 > none", "team/a: none > 5"]);
    expect(words(store.replace([object("a", "u3", "9")]))).toEqual(["team/a: 5 > none", "team/a: none > 9"]);
  });

  it("tells of a list what was missed, deletions first", () => {
    const store = new Store();
    store.replace([object("a", "u1", "1"), object("b", "u2", "2"), object("c", "u3", "3")]);
    const changes = store.replace([object("d", "u4", "6"), object("b", "u2", "5"), object("c", "u3", "3")]);
    expect(words(changes)).toEqual(["team/a: 1 > none", "team/d: none > 6", "team/b: 2 > 5"]);
  });

  it("takes resource versions for opaque: an unknown one is a change, whatever it looks like", () => {
    const store = new Store();
    store.put(object("a", "u1", "10"));
    expect(words(store.put(object("a", "u1", "9")))).toEqual(["team/a: 10 > 9"]);
  });

  it("freezes to the bottom and leaves out managed fields", () => {
    const store = new Store<KubeObject & { spec: { list: { deep: number }[] } }>();
    const metadata = { ...object("a", "u1", "1").metadata, managedFields: [{ manager: "kubectl" }] };
    store.put({ metadata, spec: { list: [{ deep: 1 }] } });
    const cached = store.get("team/a");
    expect(cached?.metadata).not.toHaveProperty("managedFields");
    expect(Object.isFrozen(cached?.spec.list[0])).toBe(true);
    expect(Object.isFrozen(cached?.metadata)).toBe(true);
  });

  it("whoever follows its changes has what it has", () => {
    const anObject = fc
      .tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("u1", "u2"), fc.constantFrom("1", "2", "3"))
      .map((facts) => object(...facts));
    const step = fc.oneof(
      fc.record({ put: anObject }),
      fc.record({ remove: anObject }),
      fc.record({ replace: fc.uniqueArray(anObject, { selector: keyOf }) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const store = new Store();
        const mirror = new Map<string, KubeObject>();
        for (const one of steps) {
          const changes =
            "put" in one
              ? store.put(one.put)
              : "remove" in one
                ? store.remove(one.remove)
                : store.replace(one.replace);
          for (const { key, now, before } of changes) {
            expect(mirror.get(key)).toEqual(before);
            if (now === undefined) mirror.delete(key);
            else mirror.set(key, now);
          }
          expect(new Map(store.list().map((cached) => [keyOf(cached), cached]))).toEqual(mirror);
        }
      }),
    );
  });
});
