import type { Logger } from "pino";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import type { AwsAccountScanReport } from "../api/generated/awsaccountscanreport.ts";
import { API_VERSION, MANAGER, REPORT, SCAN_LABEL } from "../api/names.ts";
import { TimeLimit } from "../async/time-limit.ts";
import { isAlreadyExists, type KubeClient } from "../kube/client.ts";
import { withOwnTimes, withoutOwnTimes } from "../report/observed.ts";
import type { ScanRecord } from "../report/record.ts";
import { type Contents, digestOf, mergeContents, type Shard, shardContents } from "../report/shards.ts";
import { summarize } from "../report/summary.ts";
import { hashedName, ownedBy, scanLabelValue } from "./object-names.ts";

/** What the cluster remembers of a scan. */
export type Loaded =
  | { readonly kind: "none" }
  | { readonly kind: "found"; readonly record: ScanRecord }
  /** Something is missing or was changed. `remains`: what could still be read. */
  | { readonly kind: "damaged"; readonly remains: ScanRecord };

export interface RecordStoreOptions {
  /** For all requests of one save together; default {@link SAVE_MS}. */
  readonly saveMs?: number;
}

/**
 * A hundred shards, some 100,000 findings, have six seconds each; and the next attempt goes on where one that was given up
 * has come to.
 */
export const SAVE_MS = 10 * 60_000;

type Index = NonNullable<AwsAccountScanReport["index"]>;

/**
 * Keeps the records of scans in `AwsAccountScanReport` objects, owned by the scan. One object, the index, stands for
 * a record; what does not fit it lies in shards that it names by content. Shards are written before the index and
 * removed after it, so that whatever interrupts a write, the index names a whole record: the last or the new one.
 */
export class RecordStore {
  readonly #client: KubeClient;
  readonly #log: Logger;
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
    const index = stored?.index;
    if (stored === undefined || index === undefined || index.scanUID !== uid) return { kind: "none" };
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
    return intact ? { kind: "found", record } : { kind: "damaged", remains: record };
  }

  /**
   * Makes `record` the scan's record. Unchanged shards are not written again, nor are those that a save which failed has
   * written already. Rejects where the API server refuses, or takes too long for all of it.
   */
  async save(scan: AwsAccountScan, record: ScanRecord): Promise<void> {
    const { namespace, uid } = scan.metadata;
    const { scan: _, ...contents } = record;
    const shards = shardContents({ ...contents, findings: withoutOwnTimes(record) });
    const inline = shards.length === 1 ? shards[0] : undefined;
    const named =
      inline === undefined ? shards.map((shard) => ({ shard, name: shardName(scan, shard) })) : [];
    const limit = new TimeLimit(`saving the record of ${namespace}/${scan.metadata.name}`, this.#saveMs);
    const before = [...(this.#shards.get(uid) ?? [])];
    for (const { shard, name } of named) {
      if (before.includes(name)) continue;
      limit.check();
      await this.#create(scan, name, shard);
      before.push(name);
      this.#shards.set(uid, before);
    }
    limit.check();
    await this.#client.apply(
      REPORT,
      { namespace, name: indexName(scan) },
      indexObject(scan, record, shards, inline, named),
      { fieldManager: MANAGER, force: true },
    );
    const names = named.map(({ name }) => name);
    this.#shards.set(uid, names);
    if (before.some((name) => !names.includes(name))) this.#unswept.add(uid);
    if (this.#unswept.delete(uid)) await this.#sweep(scan, names, limit);
  }

  /** Forgets what is remembered of a scan that is gone; its objects are the garbage collector's. */
  forget(uid: string): void {
    this.#shards.delete(uid);
    this.#unswept.delete(uid);
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

  async #create(scan: AwsAccountScan, name: string, { contents, digest }: Shard): Promise<void> {
    const { namespace } = scan.metadata;
    const shard = { ...header(scan, name), contents };
    try {
      await this.#client.create(REPORT, { namespace }, shard);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      // Left by a write that was interrupted, and as good as ours, unless somebody has put something else there.
      if (shardOf(await this.#get(namespace, name))?.digest === digest) return;
      await this.#client.delete(REPORT, { namespace, name });
      await this.#client.create(REPORT, { namespace }, shard);
    }
  }

  /** Removes every shard of the scan that its index does not name. What cannot be removed is left for the next time. */
  async #sweep(scan: AwsAccountScan, named: readonly string[], limit: TimeLimit): Promise<void> {
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
        for (const { metadata } of page.items) {
          const ours = metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;
          if (!ours || kept.has(metadata.name)) continue;
          limit.check();
          await this.#client.delete(REPORT, { namespace, name: metadata.name });
        }
        continueToken = page.metadata.continue || undefined;
      } while (continueToken !== undefined);
    } catch (error) {
      this.#unswept.add(uid);
      this.#log.warn({ err: error, namespace, scan: scanName }, "stale shards could not be removed");
    }
  }
}

/** A shard may have half a megabyte. */
const SWEEP_PAGE = 20;

/** The name of the report that stands for the scan's record. */
export function indexName(scan: AwsAccountScan): string {
  return hashedName(scan);
}

function shardName(scan: AwsAccountScan, { digest }: Shard): string {
  return `${indexName(scan)}-${digest.slice(0, 16)}`;
}

/** What a report holds, with the digest that it has now. */
function shardOf(report: AwsAccountScanReport | undefined): Shard | undefined {
  if (report?.contents === undefined) return undefined;
  const { cells = [], coverage = [], failures = [], findings = [] } = report.contents;
  // The schema holds every field to what the record's types say.
  const contents = { cells, coverage, failures, findings } as Contents;
  return { digest: digestOf(contents), contents };
}

/** Of the facts and of all parts: whatever was changed by hand is not believed. */
function recordDigest(facts: ScanRecord["scan"], parts: readonly string[]): string {
  return digestOf({ facts, parts });
}

function factsOf({ scan, generation, scopeDigest, lastSuccessTime }: Index): ScanRecord["scan"] {
  return { ...scan, generation, scopeDigest, lastSuccessTime };
}

function indexObject(
  scan: AwsAccountScan,
  record: ScanRecord,
  shards: readonly Shard[],
  inline: Shard | undefined,
  named: readonly { readonly shard: Shard; readonly name: string }[],
): object {
  const { generation, scopeDigest, lastSuccessTime, ...facts } = record.scan;
  const index = {
    scanName: scan.metadata.name,
    scanUID: scan.metadata.uid,
    generation,
    scopeDigest,
    scan: facts,
    lastSuccessTime,
    summary: summarize(record),
    digest: recordDigest(
      record.scan,
      shards.map(({ digest }) => digest),
    ),
    ...(inline === undefined && { shards: named.map(({ name, shard }) => ({ name, digest: shard.digest })) }),
  };
  return { ...header(scan, indexName(scan)), index, ...(inline && { contents: inline.contents }) };
}

function header(scan: AwsAccountScan, name: string): object {
  const { namespace, name: scanName } = scan.metadata;
  return {
    apiVersion: API_VERSION,
    kind: REPORT.kind,
    metadata: {
      name,
      namespace,
      labels: { [SCAN_LABEL]: scanLabelValue(scanName) },
      ownerReferences: [ownedBy(scan)],
    },
  };
}
