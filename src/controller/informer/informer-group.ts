import type { KubeObject } from "../../kube/client.ts";
import { Informer, type InformerOptions, type InformerState, type InformerStats } from "./informer.ts";

/** One informer a namespace, or one for all of them, taken for a single one. */
export class InformerGroup<T extends KubeObject> {
  readonly #informers: readonly Informer<T>[];

  /** `namespaces` undefined: all, by one watch. */
  constructor(namespaces: readonly string[] | undefined, options: Omit<InformerOptions<T>, "namespace">) {
    const places = namespaces ?? [undefined];
    this.#informers = places.map((namespace) => new Informer<T>({ ...options, namespace }));
  }

  start(): void {
    for (const informer of this.#informers) informer.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#informers.map((informer) => informer.stop()));
  }

  /** Whether every object of every first list was told of; stays true. */
  get synced(): boolean {
    return this.#informers.every((informer) => informer.synced);
  }

  get(key: string): T | undefined {
    for (const informer of this.#informers) {
      const found = informer.get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  list(): T[] {
    return this.#informers.flatMap((informer) => informer.list());
  }

  /** Of each. */
  states(): InformerState[] {
    return this.#informers.map((informer) => informer.state());
  }

  /** Sums, and the contact that is longest ago: one silent watch is not hidden by the others. */
  stats(): InformerStats {
    const all = this.#informers.map((informer) => informer.stats());
    const ages = all.map(({ contactAgeMs }) => contactAgeMs);
    return {
      lists: sum(all.map(({ lists }) => lists)),
      listFailures: sum(all.map(({ listFailures }) => listFailures)),
      watches: sum(all.map(({ watches }) => watches)),
      watchFailures: sum(all.map(({ watchFailures }) => watchFailures)),
      contactAgeMs: ages.includes(undefined) ? undefined : Math.max(...ages.map(Number)),
    };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
