import type { Logger } from "pino";
import { abortable } from "../../async/abortable.ts";
import { type Clock, systemClock } from "../../async/clock.ts";
import {
  isGone,
  type KubeClient,
  KubeError,
  type KubeList,
  type KubeObject,
  type ResourceKind,
  type WatchEvent,
} from "../../kube/client.ts";
import { hintOf, refusal } from "../../kube/errors.ts";
import { describe } from "../../kube/path.ts";
import { Backoff, type BackoffOptions } from "./backoff.ts";

import { type Change, Store } from "./store.ts";

/** What an {@link Informer} keeps a cache of, and how. */
export interface InformerOptions<T extends KubeObject> {
  readonly client: Pick<KubeClient, "list" | "watch">;
  readonly kind: ResourceKind;
  /** All namespaces where it is left out. */
  readonly namespace?: string | undefined;
  readonly log: Logger;
  /**
   * Called after the cache has taken a change: no `before` is a creation, no `now` a deletion. It should only put the
   * key into a queue; what it throws is logged, and the change does not come again.
   */
  readonly onChange: (key: string, now: T | undefined, before: T | undefined) => void;
  /** How often the cache is compared with a list, whatever the watch said: 10 min by default, jittered by a tenth. */
  readonly relistMs?: number;
  /** Objects a page of a list; 500 by default. */
  readonly pageSize?: number;
  /** A watch without a byte for this long is opened anew; the client's default otherwise. */
  readonly idleTimeoutMs?: number;
  /** 0.8 s to 30 s by default, as client-go's reflector. */
  readonly backoff?: BackoffOptions;
  /** In [0, 1); `Math.random` by default. */
  readonly random?: () => number;
  readonly clock?: Clock;
}

/** The conversation with the API server in numbers, for metrics. */
export interface InformerStats {
  /** Lists begun, of however many pages. */
  readonly lists: number;
  readonly listFailures: number;
  /** Watches asked for. */
  readonly watches: number;
  /** Watches that were refused, lost or silent; those that the server ended in time are none. */
  readonly watchFailures: number;
  /** How long ago the API server was last heard of, by a clock that nobody sets; undefined before the first answer. */
  readonly contactAgeMs: number | undefined;
}

/** Whether the conversation goes on. Ages are by a clock that nobody sets. */
export interface InformerState {
  /** "awsaccountscans in namespace team". */
  readonly what: string;
  /** Whether it goes on: began, and has not ended. */
  readonly running: boolean;
  /** Since it last began, heard or gave up anything; since it was made, before that. */
  readonly silentMs: number;
  /** Since the API server was last heard of; since it was made, before that. */
  readonly unheardMs: number;
  /** What the last list or watch that failed since then failed with: a refusal is no word of the objects. */
  readonly lastFailure: string | undefined;
}

const RELIST_MS = 10 * 60_000;
const RELIST_JITTER = 0.1;
const PAGE_SIZE = 500;
const BACKOFF: BackoffOptions = { initialMs: 800, maxMs: 30_000 };
/** Below the 5 min after which many load balancers cut a connection. */
const WATCH_SECONDS = 290;
/**
 * No answer of the API server keeps it waiting for longer. Far above what it asks for under load, a few seconds, and below
 * the time in which a due list ends a watch: so that a list falls due is the longest that may pass without an attempt.
 */
const MAX_ASKED_MS = 2 * 60_000;
/** The longest that an informer with the default settings does nothing, not even fail: then the next list is due. */
export const LONGEST_SILENCE_MS = RELIST_MS * (1 + RELIST_JITTER);
/** A watch that ends sooner and without an event is a failure, or a broken server would be asked in a tight loop. */
const SHORT_WATCH_MS = 1_000;

/**
 * Keeps a cache of one kind of object equal to the API server's, and tells of every change, for as long as it runs:
 * no answer of the server, no lost connection and no handler ends it.
 *
 * One loop does one thing at a time: list, watch, or wait. So nothing of an older watch can arrive after a newer
 * list, and what {@link stop} waits for is the end of that loop. An informer lives once: it cannot be started again.
 */
export class Informer<T extends KubeObject> {
  readonly #options: InformerOptions<T>;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #what: string;
  readonly #store = new Store<T>();
  readonly #stopping = new AbortController();
  readonly #createdAtMs: number;
  readonly #firstSync = Promise.withResolvers<void>();
  readonly #listBackoff: Backoff;
  readonly #watchBackoff: Backoff;
  #running: Promise<void> | undefined;
  #synced = false;
  /** Where the next watch begins; undefined: only a list can tell. Opaque, never compared. */
  #position: string | undefined;
  /** By the monotonic clock, as all that follow. */
  #relistAtMs = 0;
  #actedAtMs: number | undefined;
  #heardAtMs: number | undefined;
  #lastFailure: string | undefined;
  #ended = false;
  #counts: Omit<InformerStats, "contactAgeMs"> = {
    lists: 0,
    listFailures: 0,
    watches: 0,
    watchFailures: 0,
  };

  constructor(options: InformerOptions<T>) {
    const { backoff = BACKOFF, clock = systemClock, kind, namespace, random = Math.random } = options;
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
    this.#createdAtMs = clock.monotonic();
    this.#what = describe(kind, { namespace });
    this.#listBackoff = new Backoff(backoff, random);
    this.#watchBackoff = new Backoff(backoff, random);
    // Nobody has to wait for it.
    this.#firstSync.promise.catch(() => undefined);
  }

  /** Begins, in the background. Does nothing when it runs already or was stopped. */
  start(): void {
    if (this.#stopping.signal.aborted) return;
    this.#running ??= this.#run(this.#stopping.signal);
  }

  /** Resolves when no list, watch or timer of it is left. No change is told after the call. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#firstSync.reject(new Error(`the informer of ${this.#what} was stopped before its first list`));
    await this.#running;
  }

  /** Whether every object of the first list was told of; stays true. */
  get synced(): boolean {
    return this.#synced;
  }

  /** Resolves once {@link synced}; rejects with `signal`'s reason, or when stopped before. */
  async waitForSync(signal?: AbortSignal): Promise<void> {
    const { promise } = this.#firstSync;
    await (signal === undefined ? promise : abortable(promise, signal));
  }

  /** The object of `namespace/name`: shared and frozen, without its managed fields. */
  get(key: string): T | undefined {
    return this.#store.get(key);
  }

  /** All objects: shared and frozen, in no particular order. */
  list(): T[] {
    return this.#store.list();
  }

  /** The numbers as of now. */
  stats(): InformerStats {
    const heardAtMs = this.#heardAtMs;
    const contactAgeMs = heardAtMs === undefined ? undefined : this.#clock.monotonic() - heardAtMs;
    return { ...this.#counts, contactAgeMs };
  }

  /** For health. */
  state(): InformerState {
    const nowMs = this.#clock.monotonic();
    return {
      what: this.#what,
      running: this.#running !== undefined && !this.#ended,
      silentMs: nowMs - (this.#actedAtMs ?? this.#createdAtMs),
      unheardMs: nowMs - (this.#heardAtMs ?? this.#createdAtMs),
      lastFailure: this.#lastFailure,
    };
  }

  async #run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) await this.#turn(signal);
    } finally {
      this.#ended = true;
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    try {
      if (this.#position === undefined || this.#clock.monotonic() >= this.#relistAtMs)
        await this.#tryList(signal);
      if (this.#position !== undefined && !signal.aborted) await this.#tryWatch(this.#position, signal);
    } catch (error) {
      // A wait that was cut short by stop().
      if (!signal.aborted) throw error;
    }
  }

  async #tryList(signal: AbortSignal): Promise<void> {
    this.#count("lists");
    try {
      const { objects, position } = await this.#fetch(signal);
      if (signal.aborted) return;
      this.#listBackoff.reset();
      this.#position = position;
      const { relistMs = RELIST_MS } = this.#options;
      const jitter = 1 + RELIST_JITTER * (2 * this.#random() - 1);
      this.#relistAtMs = this.#clock.monotonic() + relistMs * jitter;
      this.#tell(this.#store.replace(objects));
      if (signal.aborted) return;
      this.#synced = true;
      this.#firstSync.resolve();
    } catch (error) {
      if (signal.aborted) return;
      this.#count("listFailures");
      const delayMs = this.#delayAfter(error, this.#listBackoff, "list failed, trying again");
      // A cache that a watch can keep up to date need not wait for its comparison.
      if (this.#position === undefined) await this.#clock.sleep(delayMs, signal);
      else this.#relistAtMs = this.#clock.monotonic() + delayMs;
    }
  }

  /** All pages of one list. An expired continue token (410) fails it as a whole. */
  async #fetch(signal: AbortSignal): Promise<{ objects: T[]; position: string }> {
    const { client, kind, namespace, pageSize: limit = PAGE_SIZE } = this.#options;
    const objects: T[] = [];
    let continueToken: string | undefined;
    for (;;) {
      const page = await client.list<T>(kind, { namespace, limit, continueToken, signal });
      this.#contact();
      for (const object of page.items) objects.push(object);
      continueToken = page.metadata.continue || undefined;
      if (continueToken === undefined) return { objects, position: this.#positionOf(page) };
    }
  }

  /** Without one no watch goes on from the list, and the next list would follow at once. */
  #positionOf({ metadata }: KubeList<T>): string {
    if (typeof metadata.resourceVersion === "string" && metadata.resourceVersion !== "")
      return metadata.resourceVersion;
    const message = `list ${this.#what}: the answer has no resourceVersion`;
    throw new KubeError(message, { status: 0, reason: "MalformedAnswer" });
  }

  async #tryWatch(position: string, signal: AbortSignal): Promise<void> {
    this.#count("watches");
    try {
      await this.#watch(position, signal);
      this.#watchBackoff.reset();
    } catch (error) {
      if (signal.aborted) return;
      this.#count("watchFailures");
      if (isGone(error)) this.#position = undefined;
      await this.#clock.sleep(
        this.#delayAfter(error, this.#watchBackoff, "watch ended, opening it anew"),
        signal,
      );
    }
  }

  /** Watches until the server ends it or the next list is due. */
  async #watch(resourceVersion: string, stopped: AbortSignal): Promise<void> {
    const { client, kind, namespace, idleTimeoutMs } = this.#options;
    const ending = new AbortController();
    const signal = AbortSignal.any([stopped, ending.signal]);
    const dueMs = Math.max(0, this.#relistAtMs - this.#clock.monotonic());
    const relistDue = this.#clock.sleep(dueMs, signal).then(
      () => ending.abort(),
      () => undefined,
    );
    let openedAtMs: number | undefined;
    let events = 0;
    const onOpen = () => {
      openedAtMs = this.#clock.monotonic();
      this.#contact();
    };
    const livedLong = () =>
      openedAtMs !== undefined && this.#clock.monotonic() - openedAtMs >= SHORT_WATCH_MS;
    try {
      const timeoutSeconds = Math.round(WATCH_SECONDS * (0.9 + this.#random() / 10));
      const options = { namespace, resourceVersion, timeoutSeconds, idleTimeoutMs, onOpen, signal };
      for await (const event of client.watch<T>(kind, { ...options, allowWatchBookmarks: true })) {
        if (signal.aborted) return;
        events += 1;
        this.#take(event);
      }
      if (signal.aborted || events > 0 || livedLong()) return;
      const message = `watch ${this.#what}: ended at once without an event`;
      throw new KubeError(message, { status: 0, reason: "ShortWatch" });
    } catch (error) {
      // A connection that is cut every minute is no reason to wait ever longer.
      if (livedLong()) this.#watchBackoff.reset();
      throw error;
    } finally {
      ending.abort();
      await relistDue;
    }
  }

  #take(event: WatchEvent<T>): void {
    this.#contact();
    if (event.type === "ERROR") {
      const { code } = event.object;
      throw refusal(`watch ${this.#what}`, Number.isInteger(code) ? (code ?? 500) : 500, event.object);
    }
    this.#watchBackoff.reset();
    if (event.type !== "BOOKMARK") {
      this.#tell(event.type === "DELETED" ? this.#store.remove(event.object) : this.#store.put(event.object));
    }
    this.#position = event.object.metadata.resourceVersion;
  }

  #tell(changes: readonly Change<T>[]): void {
    for (const { key, now, before } of changes) {
      if (this.#stopping.signal.aborted) return;
      const onError = (err: unknown) =>
        this.#options.log.error({ err, key }, "the handler of a change failed");
      try {
        // A handler that is an async function passes for one that returns nothing.
        const result: unknown = this.#options.onChange(key, now, before);
        if (result instanceof Promise) result.catch(onError);
      } catch (error) {
        onError(error);
      }
    }
  }

  /** Logs a failure and tells how long to wait. A position that is gone is no trouble, unless it is gone again. */
  #delayAfter(error: unknown, backoff: Backoff, message: string): number {
    this.#lastFailure = error instanceof Error ? error.message : String(error);
    const backoffMs = backoff.next();
    const retryAfterMs = error instanceof KubeError ? (error.retryAfterMs ?? 0) : 0;
    const askedMs = Math.min(retryAfterMs, MAX_ASKED_MS) * (1 + this.#random() / 2);
    const delayMs = isGone(error) && backoff.failures === 1 ? 0 : Math.max(backoffMs, askedMs);
    const level = backoff.failures === 1 ? "info" : "warn";
    const facts = { resource: this.#what, delayMs: Math.round(delayMs), failures: backoff.failures };
    this.#options.log[level]({ err: error, ...facts, hint: hintOf(error) }, message);
    return delayMs;
  }

  #contact(): void {
    this.#lastFailure = undefined;
    this.#actedAtMs = this.#heardAtMs = this.#clock.monotonic();
  }

  #count(what: "lists" | "listFailures" | "watches" | "watchFailures"): void {
    this.#actedAtMs = this.#clock.monotonic();
    this.#counts = { ...this.#counts, [what]: this.#counts[what] + 1 };
  }
}
