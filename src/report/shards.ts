import { hash } from "node:crypto";
import { byPlace } from "./order.ts";
import type { ScanRecord } from "./record.ts";

/** The part of a record that grows with the fleet. */
export type Contents = Pick<ScanRecord, "cells" | "coverage" | "failures" | "findings">;

export interface Shard {
  /** SHA-256 of the contents' JSON, hexadecimal. */
  readonly digest: string;
  readonly contents: Contents;
}

/** The API server's limit is etcd's 1.5 MiB; half of a mebibyte leaves room for metadata and managed fields. */
const MAX_SHARD_BYTES = 400 * 1024;
const MAX_SPLIT = 12;

/**
 * A record's contents in as few shards as their size allows. A row's shard follows from what the row is about, not
 * from its place in the list, so that one change rewrites one shard and leaves the others as they are.
 */
export function shardContents(contents: Contents, maxBytes = MAX_SHARD_BYTES): Shard[] {
  // Fewer parts than these cannot hold it all, and trying them takes seconds where there is much.
  const fewest = Math.ceil(Math.log2(sizeOf(contents) / maxBytes));
  for (let split = Math.min(MAX_SPLIT, Math.max(0, fewest)); ; split += 1) {
    const parts = split === 0 ? [contents] : distribute(contents, 2 ** split);
    if (split === MAX_SPLIT || parts.every((part) => sizeOf(part) <= maxBytes))
      return parts.map((part) => ({ digest: digestOf(part), contents: part }));
  }
}

/** All shards' contents as one, in the order that a record has. */
export function mergeContents(parts: readonly Contents[]): Contents {
  return {
    cells: parts.flatMap(({ cells }) => cells).sort(byPlace),
    coverage: parts.flatMap(({ coverage }) => coverage).sort(byPlace),
    failures: parts.flatMap(({ failures }) => failures).sort(byPlace),
    findings: parts.flatMap(({ findings }) => findings).sort(byPlace),
  };
}

/** SHA-256 of `value` as JSON whose keys are sorted: whoever stored it may have ordered them otherwise. */
export function digestOf(value: object): string {
  return hash("sha256", canonicalJson(value), "hex");
}

type Row = { readonly account: string; readonly region: string; readonly arn?: string };

function distribute(contents: Contents, count: number): Contents[] {
  const pick = <T extends Row>(rows: readonly T[]): T[][] => {
    const buckets: T[][] = Array.from({ length: count }, () => []);
    for (const row of rows) buckets[bucketOf(row, count)]?.push(row);
    return buckets;
  };
  const [cells, coverage, failures, findings] = [
    pick(contents.cells),
    pick(contents.coverage),
    pick(contents.failures),
    pick(contents.findings),
  ];
  return Array.from({ length: count }, (_, index) => ({
    cells: cells[index] ?? [],
    coverage: coverage[index] ?? [],
    failures: failures[index] ?? [],
    findings: findings[index] ?? [],
  }));
}

function bucketOf({ account, region, arn }: Row, count: number): number {
  return hash("sha256", arn ?? `${account} ${region}`, "buffer").readUInt32BE(0) % count;
}

function sizeOf(contents: Contents): number {
  return Buffer.byteLength(JSON.stringify(contents));
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === "object" && entry !== null && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  );
}
