/**
 * A thin REST client for the API server. Loading kubeconfigs and authentication are client-node's; the requests are
 * ours, since its generated clients open a connection for each of them, know no deadline, and weigh thousands of files.
 */
import type { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { objectOf, pageOf } from "./answer.ts";
import { Connection } from "./connection.ts";
import { isNotFound, KubeError } from "./errors.ts";
import { describe, type Location, type Query, queryString, resourcePath } from "./path.ts";
import type { RateLimit } from "./request-limiter.ts";
import { type Call, Transport } from "./transport.ts";
import type { KubeList, ResourceKind, WatchEvent } from "./types.ts";
import { watchEvents } from "./watch.ts";

export { isAlreadyExists, isConflict, isForbidden, isGone, isNotFound, KubeError } from "./errors.ts";
export type { KubeList, KubeObject, ResourceKind, WatchEvent } from "./types.ts";

/** How a {@link KubeClient} behaves. */
export interface KubeClientOptions {
  /** For a whole request, retries included; 30 s by default. Does not limit how long a watch lives. */
  readonly requestTimeoutMs?: number;
  /** Shows in the API server's audit log; `aws-account-scan-operator` by default. */
  readonly userAgent?: string;
  /** 128 MiB by default: far above a page of 500 of our largest objects. */
  readonly maxResponseBytes?: number;
  /** In [0, 1); `Math.random` by default. */
  readonly random?: () => number;
  /** For all requests together, each retry and each beginning of a watch being one; none by default. */
  readonly rateLimit?: RateLimit;
  /**
   * Whether anything may be written, asked at the moment at which such a request goes out: where not, it fails with the reason
   * `NotLeading`. Always by default.
   */
  readonly mayWrite?: () => boolean;
}

/** Where a namespaced object lives. `namespace` is left out for cluster-scoped ones. */
export interface ObjectLocation {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** What to list. Without a namespace: all of them. */
export interface ListOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  /** Objects a page. */
  readonly limit?: number | undefined;
  readonly continueToken?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: "Exact" | "NotOlderThan" | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What to watch, from which position. Without a namespace: all of them. */
export interface WatchOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  /** From a list, an event or a bookmark. */
  readonly resourceVersion: string;
  /** After which the server ends the watch. */
  readonly timeoutSeconds?: number | undefined;
  /** A bookmark about every minute tells the position while nothing changes. */
  readonly allowWatchBookmarks?: boolean | undefined;
  /** Without a byte for this long, the watch fails with reason `IdleWatch`; 3 min by default. */
  readonly idleTimeoutMs?: number | undefined;
  /** Called once the server has accepted the watch, which may be long before its first event. */
  readonly onOpen?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Who applies, and whether fields that others own are taken from them. */
export interface ApplyOptions {
  readonly fieldManager: string;
  readonly force: boolean;
  /** Whether the answer need have no more than the object's metadata: it may weigh as much as what was sent. */
  readonly metadataOnly?: boolean;
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources */
const METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

/** The default deadline of a request. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** How long a watch may be silent by default. */
export const IDLE_TIMEOUT_MS = 180_000;
const DEFAULTS = {
  requestTimeoutMs: REQUEST_TIMEOUT_MS,
  userAgent: "aws-account-scan-operator",
  maxResponseBytes: 128 * 1024 * 1024,
  random: Math.random,
};

/**
 * Every method throws a {@link KubeError} when the API server refuses or does not answer in time. Requests that it
 * turns away for now (429, 503) with a Retry-After that fits the deadline are tried again, at most three times.
 */
export class KubeClient {
  readonly #connection: Connection;
  readonly #transport: Transport;

  constructor(kubeConfig: KubeConfig, options: KubeClientOptions = {}) {
    this.#connection = new Connection(kubeConfig);
    this.#transport = new Transport(this.#connection, { ...DEFAULTS, ...options });
  }

  /** Resolves to undefined where there is no such object. The caller answers for the type. */
  async get<T>(kind: ResourceKind, at: ObjectLocation, signal?: AbortSignal): Promise<T | undefined> {
    try {
      return await this.#json<T>(call("GET", "get", kind, at), signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Resolves to one page. Rejects with the signal's reason where that aborts. */
  async list<T>(kind: ResourceKind, options: ListOptions = {}): Promise<KubeList<T>> {
    const { namespace, continueToken, signal, ...query } = options;
    const list = call("GET", "list", kind, { namespace }, { ...query, continue: continueToken });
    return pageOf<T>(list, await this.#json(list, signal));
  }

  /** Creates an object in a collection, or what a subresource of one object makes, such as a ServiceAccount's token. */
  create<T>(kind: ResourceKind, at: Location, body: object, signal?: AbortSignal): Promise<T> {
    const { namespace, name, subresource } = at;
    const target = subresource === undefined ? { namespace } : { namespace, name, subresource };
    return this.#json({ ...call("POST", "create", kind, target), body }, signal);
  }

  /** Replaces an object as a whole: a conflict where its `metadata.resourceVersion` in `body` is no longer the newest. */
  update<T>(
    kind: ResourceKind,
    at: ObjectLocation & Location,
    body: object,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.#json({ ...call("PUT", "update", kind, at), body }, signal);
  }

  /** Server-side apply: creates the object or makes the fields in `body` those that `fieldManager` owns. */
  apply<T>(
    kind: ResourceKind,
    at: ObjectLocation & Location,
    body: object,
    { fieldManager, force, metadataOnly = false }: ApplyOptions,
  ): Promise<T> {
    const contentType = "application/apply-patch+yaml";
    const accept = metadataOnly ? METADATA : undefined;
    const apply = call("PATCH", "apply", kind, at, { fieldManager, force });
    return this.#json({ ...apply, body, contentType, accept });
  }

  /** JSON merge patch (RFC 7386): fields of `patch` replace the object's, null removes. */
  mergePatch<T>(kind: ResourceKind, at: ObjectLocation & Location, patch: object): Promise<T> {
    const contentType = "application/merge-patch+json";
    return this.#json({ ...call("PATCH", "patch", kind, at), body: patch, contentType });
  }

  /**
   * Resolves to whether there was something to delete. With `uid` only that very object, with `resourceVersion` only as it was
   * then: another is a conflict.
   */
  async delete(
    kind: ResourceKind,
    at: ObjectLocation & {
      readonly uid?: string | undefined;
      readonly resourceVersion?: string | undefined;
    },
  ): Promise<boolean> {
    const { uid, resourceVersion, ...location } = at;
    const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid, resourceVersion } };
    try {
      await this.#transport.send({ ...call("DELETE", "delete", kind, location), body });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  /**
   * Yields what changes until the server ends the watch or `signal` aborts, which ends it without an error. To stop
   * while it waits for an event takes the signal: a generator's `return()` waits for the event. A refusal after the
   * beginning (410: the position is too old) is an event of type ERROR. The server is not read faster than the
   * events are taken, and the connection is released however it ends.
   */
  async *watch<T>(kind: ResourceKind, options: WatchOptions): AsyncGenerator<WatchEvent<T>, void, void> {
    const { namespace, signal, onOpen, idleTimeoutMs = IDLE_TIMEOUT_MS, ...query } = options;
    const watch = call("GET", "watch", kind, { namespace }, { watch: true, ...query });
    if (signal?.aborted) return;
    let body: Awaited<ReturnType<Transport["stream"]>>;
    try {
      body = await this.#transport.stream(watch, idleTimeoutMs, signal);
    } catch (error) {
      if (signal?.aborted) return;
      throw error;
    }
    try {
      onOpen?.();
      yield* watchEvents<T>(watch, body, signal);
    } finally {
      body.destroy();
    }
  }

  /** Resolves when the API server says that it is ready. */
  async ping(): Promise<void> {
    await this.#transport.send({ request: "get /readyz", method: "GET", path: "/readyz" });
  }

  /** Ends all requests and watches. A later request connects anew. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  async #json<T>(request: Call, signal?: AbortSignal): Promise<T> {
    return objectOf(request, await this.#transport.send(request, signal)) as T;
  }
}

function call(
  method: Call["method"],
  verb: string,
  kind: ResourceKind,
  at: Location,
  query: Query = {},
): Call {
  return {
    request: `${verb} ${describe(kind, at)}`,
    method,
    path: resourcePath(kind, at) + queryString(query),
  };
}
