import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import type { AwsAccountScanReport } from "../api/generated/awsaccountscanreport.ts";
import { API_VERSION, EPOCH, REPORT, SCAN_LABEL } from "../api/names.ts";
import type { ScanRecord } from "../report/record.ts";
import { type Contents, digestOf, type Shard } from "../report/shards.ts";
import { summarize } from "../report/summary.ts";
import { hashedName, ownedBy, scanLabelValue } from "./object-names.ts";
import type { Owner } from "./ownership.ts";

type Index = NonNullable<AwsAccountScanReport["index"]>;

/** A record in the parts that the cluster keeps. */
export interface RecordParts {
  readonly shards: readonly { readonly shard: Shard; readonly name: string }[];
  /** Where there is one shard: it fits the index. */
  readonly inline: Shard | undefined;
  /** Of the whole. */
  readonly digest: string;
}

/** `shards`: all of the record's contents. */
export function recordParts(
  scan: AwsAccountScan,
  facts: ScanRecord["scan"],
  shards: readonly Shard[],
): RecordParts {
  const inline = shards.length === 1 ? shards[0] : undefined;
  return {
    shards: inline === undefined ? shards.map((shard) => ({ shard, name: shardName(scan, shard) })) : [],
    inline,
    digest: recordDigest(
      facts,
      shards.map(({ digest }) => digest),
    ),
  };
}

/** The name of the report that stands for the scan's record. */
export function indexName(scan: AwsAccountScan): string {
  return hashedName(scan);
}

function shardName(scan: AwsAccountScan, { digest }: Shard): string {
  return `${indexName(scan)}-${digest.slice(0, 16)}`;
}

/** What a report holds, with the digest that it has now. */
export function shardOf(report: AwsAccountScanReport | undefined): Shard | undefined {
  if (report?.contents === undefined) return undefined;
  const { cells = [], coverage = [], failures = [], findings = [] } = report.contents;
  // The schema holds every field to what the record's types say.
  const contents = { cells, coverage, failures, findings } as Contents;
  return { digest: digestOf(contents), contents };
}

/** Of the facts and of all parts: whatever was changed by hand is not believed. */
export function recordDigest(facts: ScanRecord["scan"], parts: readonly string[]): string {
  return digestOf({ facts, parts });
}

export function factsOf({ scan, generation, scopeDigest, lastSuccessTime }: Index): ScanRecord["scan"] {
  return { ...scan, generation, scopeDigest, lastSuccessTime };
}

/** The report that stands for the record. With `resourceVersion` it is written only in place of that very one. */
export function indexObject(
  scan: AwsAccountScan,
  record: ScanRecord,
  { shards, inline, digest }: RecordParts,
  owner: Owner,
  resourceVersion: string | undefined,
): object {
  const { generation, scopeDigest, lastSuccessTime, ...facts } = record.scan;
  const index = {
    owner,
    scanName: scan.metadata.name,
    scanUID: scan.metadata.uid,
    generation,
    scopeDigest,
    scan: facts,
    lastSuccessTime,
    summary: summarize(record),
    digest,
    ...(inline === undefined && {
      shards: shards.map(({ name, shard }) => ({ name, digest: shard.digest })),
    }),
  };
  const { metadata, ...rest } = header(scan, indexName(scan));
  const object = { ...rest, metadata: { ...metadata, resourceVersion }, index };
  return inline === undefined ? object : { ...object, contents: inline.contents };
}

export function shardObject(scan: AwsAccountScan, name: string, { contents }: Shard, owner: Owner): object {
  const { metadata, ...rest } = header(scan, name);
  return { ...rest, metadata: { ...metadata, ...epochOf(owner) }, contents };
}

/** What of a shard's metadata says whose it is. */
export function epochOf({ epoch }: Owner) {
  return { annotations: { [EPOCH]: String(epoch) } };
}

/** Whether a shard was written, or taken over, by an owner after `owner`. */
export function isOfLaterOwner(
  { metadata }: Pick<AwsAccountScanReport, "metadata">,
  { epoch }: Owner,
): boolean {
  return Number(metadata.annotations?.[EPOCH] ?? 0) > epoch;
}

function header(scan: AwsAccountScan, name: string) {
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
