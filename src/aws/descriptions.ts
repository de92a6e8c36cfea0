import { type Description, DescriptionTable, type Version } from "./description-table.ts";

export interface DescriptionCacheOptions {
  /** The bound of all that is kept, by estimate. */
  readonly maxBytes: number;
  readonly now?: () => number;
}

/** Of one entry beside its key: its columns, the map's slot and the string's header, as V8 lays them out. */
const ENTRY_BYTES = 100;
/** A shelf that no scan has asked for this long has no scan any more. */
const FORGET_MS = 25 * 3_600_000;

/**
 * Descriptions of notebook instances, which are good for as long as a list repeats their ARN and version:
 * DirectInternetAccess cannot be changed, an instance that differs is another one.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateNotebookInstance.html
 *
 * One shelf for each identity and place: what one identity may read is no other's affair. A full cache keeps what it
 * has and takes nothing more: scans go through their fleets from end to end, so that making room for the latest entry
 * would cast out the one that is wanted next. Kept in memory only: see docs/adr/007-descriptions-in-memory.md.
 */
export class DescriptionCache {
  readonly #maxBytes: number;
  readonly #now: () => number;
  /** The one that was asked for longest ago first. */
  readonly #shelves = new Map<string, Shelf>();
  #bytes = 0;

  constructor({ maxBytes, now = Date.now }: DescriptionCacheOptions) {
    this.#maxBytes = maxBytes;
    this.#now = now;
  }

  /** What is kept, by estimate. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What `identity` has read in a region of an account. */
  shelf(identity: string, account: string, region: string): Shelf {
    const now = this.#now();
    for (const [key, shelf] of this.#shelves) {
      if (shelf.usedAt >= now - FORGET_MS) break;
      shelf.clear();
      this.#shelves.delete(key);
    }
    const key = `${account} ${region} ${identity}`;
    const shelf = this.#shelves.get(key) ?? new Shelf((bytes) => this.#grow(bytes));
    this.#shelves.delete(key);
    this.#shelves.set(key, shelf);
    shelf.usedAt = now;
    return shelf;
  }

  /** Whether there is room for `bytes` more, which then are taken; a negative number gives room back. */
  #grow(bytes: number): boolean {
    if (bytes > 0 && this.#bytes + bytes > this.#maxBytes) return false;
    this.#bytes += bytes;
    return true;
  }
}

/** The descriptions of one place, by what Describe asks by. */
export class Shelf {
  usedAt = 0;
  #listings = 0;
  #table = new DescriptionTable();
  readonly #grow: (bytes: number) => boolean;

  /** `grow` takes room, or gives it back. */
  constructor(grow: (bytes: number) => boolean) {
    this.#grow = grow;
  }

  /** Begins a listing; its number goes with every other call. */
  beginListing(): number {
    this.#listings += 1;
    return this.#listings;
  }

  /** The description of this very version, if any. */
  get(
    key: string,
    arn: string,
    { createdAt, modifiedAt }: Version,
    listing: number,
  ): Description | undefined {
    const known = isOf(key, arn) ? this.#table.get(key, listing) : undefined;
    return known?.createdAt === createdAt && known.modifiedAt === modifiedAt ? known : undefined;
  }

  set(key: string, arn: string, description: Description, listing: number): void {
    if (!isOf(key, arn)) return;
    if (!this.#table.has(key) && !this.#grow(sizeOf(key))) return;
    this.#table.set(key, description, listing);
  }

  /** The list was read to its end: what it did not name is gone. */
  endListing(listing: number): void {
    for (const key of this.#table.prune(listing)) this.#grow(-sizeOf(key));
  }

  clear(): void {
    for (const key of this.#table.keys()) this.#grow(-sizeOf(key));
    this.#table = new DescriptionTable();
  }
}

/**
 * Whether the ARN follows from the key, as every instance's does, so that it need not be kept: within a place nothing
 * else is in it. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
function isOf(key: string, arn: string): boolean {
  return arn.endsWith(`:notebook-instance/${key.toLowerCase()}`);
}

function sizeOf(key: string): number {
  return ENTRY_BYTES + key.length;
}
