import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import type { LedgerEntry } from "../controller/ledger.ts";
import type { ScanRecord } from "../report/record.ts";

/** A scan as the cluster has it now, and what the process knows of it. */
export interface ScanResult {
  readonly scan: AwsAccountScan;
  readonly entry: LedgerEntry;
}

/** Scans that series may speak of: none that is being deleted, for it is nobody's any more. */
export function* liveScans(scans: Iterable<AwsAccountScan>): Generator<AwsAccountScan> {
  for (const scan of scans) if (scan.metadata.deletionTimestamp === undefined) yield scan;
}

/**
 * The scans that have been looked into, each with its own results: those of another resource of the same name, which the
 * reconciler has not forgotten yet, are nobody's.
 */
export function* resultsOf(
  scans: Iterable<AwsAccountScan>,
  entryOf: (key: string) => LedgerEntry | undefined,
): Generator<ScanResult> {
  for (const scan of liveScans(scans)) {
    const { namespace, name, uid } = scan.metadata;
    const entry = entryOf(`${namespace}/${name}`);
    if (entry?.uid === uid) yield { scan, entry };
  }
}

/**
 * The record that series are made from. Where it is lost, what is left of it keeps its alerts up until the scan that
 * replaces it.
 */
export function recordOf({ record, remains }: LedgerEntry): ScanRecord | undefined {
  return typeof record === "object" ? record : remains;
}

export function identity({ namespace, name }: LedgerEntry) {
  return { namespace, scan: name };
}

/** Seconds since the epoch of an RFC 3339 time. */
export function seconds(time: string): number {
  return Date.parse(time) / 1_000;
}
