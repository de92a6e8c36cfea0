import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../src/async/clock.ts";
import type { Lease } from "../../src/election/lease.ts";
import type { MembershipOptions } from "../../src/election/membership.ts";
import { KubeError, type KubeList } from "../../src/kube/client.ts";

/** Something that happens at a moment of the true time; a cancelled one does not. */
interface Happening {
  readonly atMs: number;
  readonly order: number;
  readonly happen: () => void;
  cancelled: boolean;
}

/** Time that passes when it is told to: nothing waits, and every order of events can be had again. */
export class World {
  /** The true time, which no machine knows. */
  nowMs = 0;
  #order = 0;
  readonly #coming: Happening[] = [];
  readonly #afterEach: () => void;

  /** `afterEach` is called after everything that happens. */
  constructor(afterEach: () => void = () => undefined) {
    this.#afterEach = afterEach;
  }

  /** Calls `happen` after `delayMs`, unless the returned function is called before. */
  after(delayMs: number, happen: () => void): () => void {
    const happening = { atMs: this.nowMs + delayMs, order: this.#order++, happen, cancelled: false };
    this.#coming.push(happening);
    return () => {
      happening.cancelled = true;
    };
  }

  /** Lets `ms` pass. */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    await turn();
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.nowMs = next.atMs;
      next.happen();
      // All promises that follow from it.
      await turn();
      this.#afterEach();
    }
    this.nowMs = endMs;
  }

  #next(endMs: number): Happening | undefined {
    let first: Happening | undefined;
    for (const each of this.#coming) {
      if (each.cancelled || each.atMs > endMs) continue;
      if (
        first === undefined ||
        each.atMs < first.atMs ||
        (each.atMs === first.atMs && each.order < first.order)
      )
        first = each;
    }
    for (let at = this.#coming.length - 1; at >= 0; at -= 1) {
      if (this.#coming[at] === first || this.#coming[at]?.cancelled) this.#coming.splice(at, 1);
    }
    return first;
  }
}

/** A machine with one process: its clock runs at `rate`, its wall clock shows anything. */
export class Machine {
  readonly #world: World;
  readonly #rate: number;
  readonly #wall: () => number;
  #stoppedUntilMs = 0;

  constructor(world: World, { rate = 1, wall = () => 0 }: { rate?: number; wall?: () => number } = {}) {
    this.#world = world;
    this.#rate = rate;
    this.#wall = wall;
  }

  /** As SIGSTOP and, `ms` later, SIGCONT: nothing happens in the process meanwhile, all of it then. */
  stop(ms: number): void {
    this.#stoppedUntilMs = Math.max(this.#stoppedUntilMs, this.#world.nowMs + ms);
  }

  /** Calls `happen` in the process after `delayMs` of true time, or when it goes on. */
  after(delayMs: number, happen: () => void): () => void {
    let cancel: () => void;
    const attempt = () => {
      const restMs = this.#stoppedUntilMs - this.#world.nowMs;
      if (restMs > 0) cancel = this.#world.after(restMs, attempt);
      else happen();
    };
    cancel = this.#world.after(delayMs, attempt);
    return () => cancel();
  }

  readonly clock: Clock = {
    now: () => this.#wall(),
    monotonic: () => 1_000_000 + this.#world.nowMs * this.#rate,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        const cancel = this.after(ms / this.#rate, resolve);
        signal.addEventListener(
          "abort",
          () => {
            cancel();
            reject(signal.reason);
          },
          { once: true },
        );
      }),
  };
}

/** What becomes of one request. `lost`: it never arrives; `unanswered`: it is carried out, and nobody is told. */
export interface Fate {
  readonly kind: "answered" | "lost" | "unanswered" | "refused";
  /** There, and back. */
  readonly thereMs: number;
  readonly backMs: number;
}

export const AT_ONCE: Fate = { kind: "answered", thereMs: 1, backMs: 1 };

/** The Leases of an API server: with resourceVersions, conflicts, and requests that go their way once they are sent. */
export class LeaseStore {
  readonly leases = new Map<string, Lease>();
  #version = 0;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** The way of `machine` to it; `fate` is asked for each request. */
  client(machine: Machine, fate: () => Fate = () => AT_ONCE): MembershipOptions["client"] {
    const send = <T>(serve: () => unknown, signal?: AbortSignal) =>
      new Promise<T>((resolve, reject) => {
        const { kind, thereMs, backMs } = fate();
        // Whoever gives up hears no more; what was sent arrives all the same.
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
        this.#world.after(thereMs, () => {
          if (kind === "lost") return;
          const answer = kind === "refused" ? () => refuse(503, "Unavailable") : attempt(serve);
          if (kind === "unanswered") return;
          machine.after(backMs, () => {
            try {
              resolve(structuredClone(answer()) as T);
            } catch (error) {
              reject(error);
            }
          });
        });
      });
    return {
      get: (_, { name }, signal) => send(() => this.leases.get(name), signal),
      create: (_, __, body, signal) => send(() => this.#create(body as Lease), signal),
      update: (_, __, body, signal) => send(() => this.put(body as Lease), signal),
      list: (_, { labelSelector = "", signal } = {}) => send(() => this.#list(labelSelector), signal),
      delete: (_, { name }) => send(() => this.leases.delete(name)),
    };
  }

  /** Writes at once, as somebody who reads first. */
  put(lease: Lease): Lease {
    const { name, resourceVersion } = lease.metadata;
    const found = this.leases.get(name);
    if (found === undefined) return refuse(404, "NotFound");
    if (found.metadata.resourceVersion !== resourceVersion) return refuse(409, "Conflict");
    return this.#store(lease);
  }

  #list(labelSelector: string): KubeList<Lease> {
    const [key = "", value] = labelSelector.split("=");
    const items = [...this.leases.values()].filter(({ metadata }) => metadata.labels?.[key] === value);
    return { metadata: { resourceVersion: String(this.#version) }, items };
  }

  #create(lease: Lease): Lease {
    if (this.leases.has(lease.metadata.name)) return refuse(409, "AlreadyExists");
    return this.#store(lease);
  }

  #store(lease: Lease): Lease {
    this.#version += 1;
    const stored = structuredClone({
      ...lease,
      metadata: { ...lease.metadata, resourceVersion: String(this.#version) },
    });
    this.leases.set(stored.metadata.name, stored);
    return stored;
  }
}

function attempt(serve: () => unknown): () => unknown {
  try {
    const value = structuredClone(serve());
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function refuse(status: number, reason: string): never {
  throw new KubeError(`leases: ${status} ${reason}`, { status, reason });
}
