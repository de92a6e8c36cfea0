import type { KubeClient } from "../kube/client.ts";
import type { ObjectMeta } from "../kube/types.ts";
import { LEASES, type Lease, type LeaseRecord, recordOf } from "./lease.ts";

/** A Lease as it was read or written last: what the next write is based on. */
export interface HeldLease {
  readonly record: LeaseRecord;
  /** With its `resourceVersion`, and with all that others have put into it. */
  readonly object: Lease;
}

/**
 * Access to one Lease, for one identity. Requests reject with a `KubeError`, or with the signal's reason: a write that
 * was given up may still be carried out.
 */
export interface ElectionLock {
  readonly identity: string;
  /** `namespace/name`. */
  readonly name: string;
  /** Resolves to undefined where there is none. */
  get(signal: AbortSignal): Promise<HeldLease | undefined>;
  create(record: LeaseRecord, signal: AbortSignal): Promise<HeldLease>;
  /** A conflict where it has changed since. */
  update(held: HeldLease, record: LeaseRecord, signal: AbortSignal): Promise<HeldLease>;
  /** Lets go of it: with `record`, or by deleting it. */
  release(held: HeldLease, record: LeaseRecord, signal: AbortSignal): Promise<void>;
}

/** Which Lease, and who holds it. */
export interface LeaseLockOptions {
  readonly client: Pick<KubeClient, "get" | "create" | "update">;
  readonly namespace: string;
  readonly name: string;
  readonly identity: string;
  /** Which it has in any case. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A Lease of the API server. Whatever it holds beside the record, labels and annotations too, is written back as it was. */
export class LeaseLock implements ElectionLock {
  readonly identity: string;
  readonly name: string;
  readonly #options: LeaseLockOptions;

  constructor(options: LeaseLockOptions) {
    this.#options = options;
    this.identity = options.identity;
    this.name = `${options.namespace}/${options.name}`;
  }

  async get(signal: AbortSignal): Promise<HeldLease | undefined> {
    const { client, namespace, name } = this.#options;
    const object = await client.get<Lease>(LEASES, { namespace, name }, signal);
    return object === undefined ? undefined : held(object);
  }

  async create(record: LeaseRecord, signal: AbortSignal): Promise<HeldLease> {
    const { client, namespace, name, labels } = this.#options;
    const metadata = { namespace, name, ...(labels !== undefined && { labels }) };
    const body = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec: record };
    return held(await client.create<Lease>(LEASES, { namespace }, body, signal));
  }

  async update({ object }: HeldLease, record: LeaseRecord, signal: AbortSignal): Promise<HeldLease> {
    const { client, namespace, name, labels } = this.#options;
    const metadata = labels === undefined ? object.metadata : withLabels(object.metadata, labels);
    const body = { ...object, metadata, spec: { ...object.spec, ...record } };
    return held(await client.update<Lease>(LEASES, { namespace, name }, body, signal));
  }

  async release(lease: HeldLease, record: LeaseRecord, signal: AbortSignal): Promise<void> {
    await this.update(lease, record, signal);
  }
}

function withLabels(metadata: ObjectMeta, labels: Readonly<Record<string, string>>): ObjectMeta {
  return { ...metadata, labels: { ...metadata.labels, ...labels } };
}

function held(object: Lease): HeldLease {
  return { object, record: recordOf(object) };
}
