import type { Logger } from "pino";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import type { AwsAccountScanReport } from "../api/generated/awsaccountscanreport.ts";
import { MANAGER, REPORT, SCAN_LABEL } from "../api/names.ts";
import { TimeLimit } from "../async/time-limit.ts";
import { isAlreadyExists, isConflict, type KubeClient } from "../kube/client.ts";
import { withOwnTimes, withoutOwnTimes } from "../report/observed.ts";
import type { ScanRecord } from "../report/record.ts";
import { mergeContents, type Shard, shardContents } from "../report/shards.ts";
import { scanLabelValue } from "./object-names.ts";
import { isOwnerRefusal, type Owner, SupersededError } from "./ownership.ts";
import {
  epochOf,
  factsOf,
  indexName,
  indexObject,
  isOfLaterOwner,
  type RecordParts,
  recordDigest,
  recordParts,
  shardObject,
  shardOf,
} from "./record-objects.ts";

/** What the cluster remembers of a scan. `owner`: who wrote it. */
export type Loaded =
  | { readonly kind: "none" }
  | { readonly kind: "found"; readonly record: ScanRecord; readonly owner: Owner | undefined }
  /** Something is missing or was changed. `remains`: what could still be read. */
  | { readonly kind: "damaged"; readonly remains: ScanRecord; readonly owner: Owner | undefined };

export interface RecordStoreOptions {
  /** For all requests of one save together; default {@link SAVE_MS}. */
  readonly saveMs?: number;
}

/**
 * A hundred shards, some 100,000 findings, have six seconds each; and the next attempt goes on where one that was given up
 * has come to.
 */
export const SAVE_MS = 10 * 60_000;

/** An index as it was seen last. */
interface Seen {
  readonly resourceVersion: string;
  readonly digest: string | undefined;
}

/**
 * Keeps the records of scans in `AwsAccountScanReport` objects, owned by the scan. One object, the index, stands for
 * a record; what does not fit it lies in shards that it names by content. Shards are written before the index and
 * removed after it, so that whatever interrupts a write, the index names a whole record: the last or the new one. An index is
 * written only in place of the one that was seen last, and no shard of a later owner is removed.
 */
export class RecordStore {
  readonly #client: KubeClient;
  readonly #log: Logger;
  /** The index of each scan, by UID; none where there was none. */
  readonly #indexes = new Map<string, Seen>();
  /**
   * The shards that each scan's index names, or a save that failed has written, by UID: so that stale ones can be removed
   * without a list.
   */
  readonly #shards = new Map<string, readonly string[]>();
  /** UIDs of scans that may own shards which nobody names: a process ended, or a removal failed, half way. */
  readonly #unswept = new Set<string>();
  readonly #saveMs: number;

  constructor(client: KubeClient, log: Logger, { saveMs = SAVE_MS }: RecordStoreOptions = {}) {
    this.#client = client;
    this.#log = log;
    this.#saveMs = saveMs;
  }

  async load(scan: AwsAccountScan): Promise<Loaded> {
    const { namespace, uid } = scan.metadata;
    this.#unswept.add(uid);
    const stored = await this.#get(namespace, indexName(scan));
    this.#indexes.delete(uid);
    const index = stored?.index;
    if (stored === undefined || index === undefined || index.scanUID !== uid) return { kind: "none" };
    this.#see(uid, stored.metadata, index.digest);
    const named = index.shards ?? [];
    const parts = named.length === 0 ? [shardOf(stored)] : await this.#loadShards(scan, named);
    const whole = parts.filter((part) => part !== undefined);
    const facts = factsOf(index);
    const contents = mergeContents(whole.map((part) => part.contents));
    const record = { scan: facts, ...contents, findings: withOwnTimes({ scan: facts, ...contents }) };
    const digest = recordDigest(
      facts,
      whole.map((part) => part.digest),
    );
    const intact = whole.length === parts.length && index.digest === digest;
    const { owner } = index;
    return intact ? { kind: "found", record, owner } : { kind: "damaged", remains: record, owner };
  }

  /**
   * Makes `record` the scan's record, on behalf of `owner`. Unchanged shards are not written again, nor are those that a save
   * which failed has written already. Rejects where the API server refuses, or takes too long for all of it.
   * @throws {SupersededError} where the index is no longer the one that was seen last, or is a later owner's.
   */
  async save(scan: AwsAccountScan, record: ScanRecord, owner: Owner): Promise<void> {
    const { namespace, uid } = scan.metadata;
    const { scan: facts, ...contents } = record;
    const shards = shardContents({ ...contents, findings: withoutOwnTimes(record) });
    const parts = recordParts(scan, facts, shards);
    const limit = new TimeLimit(`saving the record of ${namespace}/${scan.metadata.name}`, this.#saveMs);
    const before = [...(this.#shards.get(uid) ?? [])];
    for (const { shard, name } of parts.shards) {
      if (before.includes(name)) continue;
      limit.check();
      await this.#create(scan, name, shard, owner);
      before.push(name);
      this.#shards.set(uid, before);
    }
    limit.check();
    await this.#writeIndex(scan, record, parts, owner, limit);
    const names = parts.shards.map(({ name }) => name);
    this.#shards.set(uid, names);
    if (before.some((name) => !names.includes(name))) this.#unswept.add(uid);
    if (this.#unswept.delete(uid)) await this.#sweep(scan, names, owner, limit);
  }

  /** Forgets what is remembered of a scan that is gone; its objects are the garbage collector's. */
  forget(uid: string): void {
    this.#indexes.delete(uid);
    this.#shards.delete(uid);
    this.#unswept.delete(uid);
  }

  #see(
    uid: string,
    { resourceVersion = "" }: AwsAccountScanReport["metadata"],
    digest: string | undefined,
  ): void {
    this.#indexes.set(uid, { resourceVersion, digest });
  }

  async #writeIndex(
    scan: AwsAccountScan,
    record: ScanRecord,
    parts: RecordParts,
    owner: Owner,
    limit: TimeLimit,
  ): Promise<void> {
    const { namespace, uid } = scan.metadata;
    const at = { namespace, name: indexName(scan) };
    const how = { fieldManager: MANAGER, force: true, metadataOnly: true };
    for (;;) {
      const seen = this.#indexes.get(uid);
      const index = indexObject(scan, record, parts, owner, seen?.resourceVersion);
      try {
        const { metadata } = await this.#client.apply<Pick<AwsAccountScanReport, "metadata">>(
          REPORT,
          at,
          index,
          how,
        );
        this.#see(uid, metadata, parts.digest);
        return;
      } catch (error) {
        if (isOwnerRefusal(error))
          throw new SupersededError("another process has saved a record", { cause: error });
        if (!isConflict(error) || seen === undefined) throw error;
        // Somebody may have labelled it, or removed it; another record in it is another process's word.
        limit.check();
        const now = await this.#get(namespace, at.name);
        if (now === undefined) this.#indexes.delete(uid);
        else if (now.index?.digest === seen.digest || isOwn(now, parts, owner))
          this.#see(uid, now.metadata, now.index?.digest);
        else throw new SupersededError("the record is another one than was restored", { cause: error });
      }
    }
  }

  #get(namespace: string, name: string): Promise<AwsAccountScanReport | undefined> {
    return this.#client.get<AwsAccountScanReport>(REPORT, { namespace, name });
  }

  /** The shards that an index names, undefined for one that is gone or is not what its name says. */
  async #loadShards(
    scan: AwsAccountScan,
    named: readonly { readonly name: string; readonly digest: string }[],
  ): Promise<(Shard | undefined)[]> {
    const { namespace, uid } = scan.metadata;
    const parts = await Promise.all(
      named.map(async ({ name, digest }) => {
        const shard = shardOf(await this.#get(namespace, name));
        return shard?.digest === digest ? shard : undefined;
      }),
    );
    // What is damaged is not remembered, so that the next save writes it again.
    this.#shards.set(
      uid,
      named.filter((_, at) => parts[at] !== undefined).map(({ name }) => name),
    );
    return parts;
  }

  async #create(scan: AwsAccountScan, name: string, shard: Shard, owner: Owner): Promise<void> {
    const { namespace } = scan.metadata;
    const object = shardObject(scan, name, shard, owner);
    try {
      await this.#client.create(REPORT, { namespace }, object);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      // Left by a write that was interrupted, and as good as ours, unless somebody has put something else there.
      if (shardOf(await this.#get(namespace, name))?.digest === shard.digest) {
        // From now on it is this owner's: the one before must not sweep it away.
        await this.#client.mergePatch(REPORT, { namespace, name }, { metadata: epochOf(owner) });
        return;
      }
      await this.#client.delete(REPORT, { namespace, name });
      await this.#client.create(REPORT, { namespace }, object);
    }
  }

  /** Removes every shard of the scan that its index does not name. What cannot be removed is left for the next time. */
  async #sweep(
    scan: AwsAccountScan,
    named: readonly string[],
    owner: Owner,
    limit: TimeLimit,
  ): Promise<void> {
    const { namespace, name: scanName, uid } = scan.metadata;
    const kept = new Set([...named, indexName(scan)]);
    try {
      const labelSelector = `${SCAN_LABEL}=${scanLabelValue(scanName)}`;
      let continueToken: string | undefined;
      do {
        limit.check();
        const page = await this.#client.list<AwsAccountScanReport>(REPORT, {
          namespace,
          labelSelector,
          limit: SWEEP_PAGE,
          continueToken,
        });
        for (const report of page.items) {
          const { ownerReferences, name, resourceVersion } = report.metadata;
          const ours = ownerReferences?.some((reference) => reference.uid === uid) ?? false;
          if (!ours || kept.has(name) || isOfLaterOwner(report, owner)) continue;
          limit.check();
          await this.#client.delete(REPORT, { namespace, name, resourceVersion });
        }
        continueToken = page.metadata.continue || undefined;
      } while (continueToken !== undefined);
    } catch (error) {
      this.#unswept.add(uid);
      this.#log.warn({ err: error, namespace, scan: scanName }, "stale shards could not be removed");
    }
  }
}

/** Whether the index is what this owner was about to write: he has, and the answer was lost on its way. */
function isOwn({ index }: AwsAccountScanReport, { digest }: RecordParts, { identity }: Owner): boolean {
  return index?.digest === digest && index.owner?.identity === identity;
}

/** A shard may have half a megabyte. */
const SWEEP_PAGE = 20;
