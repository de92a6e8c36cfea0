import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import type { ScanDoubt } from "../openreports/results.ts";
import type { ScanRecord } from "../report/record.ts";
import type { Owner } from "./ownership.ts";

/** What the process knows of one scan beside the resource itself. Metrics read it; only the reconciler writes it. */
export interface LedgerEntry {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** This process, as the owner of the scan that it writes as. */
  readonly owner: Owner;
  /** The last record, restored from the cluster or written to it; series exist for what it holds. */
  readonly record: ScanRecord | "none" | "missing";
  /** Where the record is missing: what is left of it, so that no violation is forgotten until the next scan ends. */
  readonly remains?: ScanRecord | undefined;
  /** Why what `record` says is not to be believed today, and since when; undefined until a reconcile has judged it. */
  readonly doubt?: ScanDoubt | "none" | undefined;
  /** The status that this process wrote last. */
  readonly status?: AwsAccountScan["status"] | undefined;
  /** The resource's version after that, while the cache has it as it was before, at `cached`. */
  readonly written?: { readonly cached: string; readonly version: string } | undefined;
  /** When the next scan is due (ms); undefined where none is. */
  readonly nextScanAt: number | undefined;
  /** Between two scans by the schedule (ms); undefined until a reconcile has looked. */
  readonly periodMs?: number | undefined;
  /** How much later than due (ms) the scan of `record` began; undefined where another process ran it. */
  readonly lagMs?: number | undefined;
}

/** The newest version of a resource that the cache has as `cached`: its own, or that of what was written in its place since. */
export function newestVersion(cached: string, { written }: Pick<LedgerEntry, "written">): string {
  return written?.cached === cached ? written.version : cached;
}

/**
 * Whether the owner before this process has written another result since `entry` was restored. It may, until this process has
 * written for the first time; and that must not bring the older result back.
 */
export function isOutrun({ owner, record, written }: LedgerEntry, status: AwsAccountScan["status"]): boolean {
  const { lastScan, owner: writer } = status ?? {};
  if (written !== undefined || lastScan === undefined || writer?.identity === owner.identity) return false;
  if (typeof record !== "object") return record === "none";
  const { id, completionTime } = record.scan;
  return lastScan.id !== id && Date.parse(lastScan.completionTime) >= Date.parse(completionTime);
}

/** Every scan whose record has been looked for. */
export class Ledger {
  readonly #entries = new Map<string, LedgerEntry>();

  get(key: string): LedgerEntry | undefined {
    return this.#entries.get(key);
  }

  set(key: string, entry: LedgerEntry): void {
    this.#entries.set(key, entry);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
