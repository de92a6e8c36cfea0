import { setTimeout as sleep } from "node:timers/promises";
import type { Harm, RequestClass } from "../../support/fault-proxy.ts";
import type { World } from "./world.ts";

/** Something that an operator does and that it may not come to the end of. */
export interface Moment {
  /** Before the API server has heard of the write, or when it has done it and the operator does not know. */
  readonly when: "arrived" | "answered";
  readonly what: "record" | "status";
}

/** One of the four. */
export function anyMoment(random: () => number): Moment {
  return { when: random() < 0.5 ? "arrived" : "answered", what: random() < 0.5 ? "record" : "status" };
}

const PATHS = { record: /\/awsaccountscanreports/, status: /\/awsaccountscans\/[^/]+\/status$/ };

/** Whether a request writes a record, or a status. */
export function isWrite(what: Moment["what"], kind: RequestClass, { pathname }: URL): boolean {
  return kind === "other" && PATHS[what].test(pathname);
}

/** Lets the next {@link Moment} be awaited, and makes them long: all writes but those of Leases are slow from now on. */
export class Moments {
  readonly #waiting = new Set<{ readonly moment: Moment; readonly come: () => void }>();
  readonly #random: () => number;
  readonly #mostMs: number;

  constructor({ proxies, random }: Pick<World, "proxies" | "random">, mostMs: number) {
    this.#random = random;
    this.#mostMs = mostMs;
    for (const proxy of proxies) proxy.harm((kind, url) => this.#slow(kind, url));
  }

  /** Resolves when it comes, or after `limitMs` at the latest. */
  async next(moment: Moment, limitMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = { moment, come: resolve };
    this.#waiting.add(waiting);
    await Promise.race([promise, sleep(limitMs)]);
    this.#waiting.delete(waiting);
  }

  #slow(kind: RequestClass, url: URL): Harm | undefined {
    const what = (["record", "status"] as const).find((each) => isWrite(each, kind, url));
    if (what === undefined) return undefined;
    this.#tell("arrived", what);
    return {
      after: sleep(this.#mostMs * this.#random()),
      answered: () => this.#tell("answered", what),
    };
  }

  #tell(when: Moment["when"], what: Moment["what"]): void {
    for (const { moment, come } of this.#waiting) if (moment.when === when && moment.what === what) come();
  }
}
