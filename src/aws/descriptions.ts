import { type Description, DescriptionTable, type Version } from "./description-table.ts";

export interface DescriptionCacheOptions {
  /** The bound of all that is kept, by estimate. */
  readonly maxBytes: number;
  readonly now?: () => number;
}

/** Whose descriptions, and of what. */
export interface ShelfName {
  /** Who may read what is on it. */
  readonly identity: string;
  readonly account: string;
  readonly region: string;
  readonly type: string;
}

/** Of one entry beside its key: its columns, the map's slot and the string's header, as V8 lays them out. */
const ENTRY_BYTES = 104;
/** Of a shelf beside its name: columns that are not full, maps and numbers of texts. */
const SHELF_BYTES = 2_500;
/** A shelf that no scan has asked for this long makes room for others. */
const UNUSED_MS = 25 * 3_600_000;

/**
 * Descriptions of resources whose list tells when they change, good for as long as it repeats ARN and version.
 *
 * One shelf for each identity, place and type: what one identity may read is no other's affair. A full cache keeps what
 * it has and takes nothing more: scans go through their fleets from end to end, so that making room for the latest entry
 * would cast out the one that is wanted next. Kept in memory only: see docs/adr/007-descriptions-in-memory.md.
 */
export class DescriptionCache {
  readonly #maxBytes: number;
  readonly #now: () => number;
  /** The one that was asked for longest ago first. */
  readonly #shelves = new Map<string, Shelf>();
  #bytes = 0;
  #hits = 0;
  #misses = 0;

  constructor({ maxBytes, now = Date.now }: DescriptionCacheOptions) {
    this.#maxBytes = maxBytes;
    this.#now = now;
  }

  /** What is kept, by estimate. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What was asked for and there. */
  get hits(): number {
    return this.#hits;
  }

  /** What was asked for and not there, or in another version. */
  get misses(): number {
    return this.#misses;
  }

  /** The shelf of that name; it takes no room before there is something on it. */
  shelf({ account, region, type, identity }: ShelfName): Shelf {
    const key = [account, region, type, identity].join(" ");
    const known = this.#shelves.get(key);
    const shelf =
      known ??
      new Shelf({
        take: (bytes) => this.#take(bytes),
        giveBack: (bytes) => {
          this.#bytes -= bytes;
        },
        open: () => {
          if (this.#shelves.has(key) || !this.#take(SHELF_BYTES + key.length)) return false;
          this.#shelves.set(key, shelf);
          return true;
        },
        asked: (isFound) => {
          if (isFound) this.#hits += 1;
          else this.#misses += 1;
        },
      });
    if (known !== undefined) {
      this.#shelves.delete(key);
      this.#shelves.set(key, known);
    }
    shelf.usedAt = this.#now();
    return shelf;
  }

  /** Forgets all of an account, whoever read it: its answers were not to be believed. */
  forgetAccount(account: string): void {
    for (const key of this.#shelves.keys()) if (key.startsWith(`${account} `)) this.#drop(key);
  }

  /** Whether there is room for so much more, which then is taken. */
  #take(bytes: number): boolean {
    for (const [key, { usedAt }] of this.#shelves) {
      if (this.#bytes + bytes <= this.#maxBytes || usedAt >= this.#now() - UNUSED_MS) break;
      this.#drop(key);
    }
    if (this.#bytes + bytes > this.#maxBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  #drop(key: string): void {
    this.#shelves.get(key)?.close();
    this.#shelves.delete(key);
    this.#bytes -= SHELF_BYTES + key.length;
  }
}

interface Room {
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
  /** Whether the shelf is one of the cache's from now on. */
  open(): boolean;
  /** Told of every look-up. */
  asked(isFound: boolean): void;
}

/** The descriptions of one identity, place and type, by what Describe asks by. */
export class Shelf {
  usedAt = 0;
  readonly #room: Room;
  #table: DescriptionTable | undefined;
  #listings = 0;
  #isClosed = false;

  constructor(room: Room) {
    this.#room = room;
  }

  /** Begins a listing; its number goes with every other call. */
  beginListing(): number {
    this.#listings += 1;
    return this.#listings;
  }

  /** The description of this very version, if any. */
  find(key: string, { createdAt, modifiedAt }: Version, listing: number): Description | undefined {
    const known = this.#table?.named(key, listing);
    const isFound = known?.createdAt === createdAt && known.modifiedAt === modifiedAt;
    this.#room.asked(isFound);
    return isFound ? known : undefined;
  }

  keep(key: string, description: Description, listing: number): void {
    if (this.#isClosed || !this.#isOpen()) return;
    if (this.#table?.has(key) !== true && !this.#room.take(sizeOf(key))) return;
    this.#table?.set(key, description, listing);
  }

  /** The list was read to its end: what it did not name is gone. */
  endListing(listing: number): void {
    for (const key of this.#table?.prune(listing) ?? []) this.#room.giveBack(sizeOf(key));
    // Its columns are as long as they ever were.
    if (this.#table?.size === 0) this.#table = new DescriptionTable();
  }

  /** Nothing is on it any more, and nothing will be: scans under way may still hold it. */
  close(): void {
    this.endListing(Number.POSITIVE_INFINITY);
    this.#isClosed = true;
    this.#table = undefined;
  }

  #isOpen(): boolean {
    if (this.#table !== undefined) return true;
    // Another scan may have opened one of the same name meanwhile: this one then keeps nothing.
    if (!this.#room.open()) return false;
    this.#table = new DescriptionTable();
    return true;
  }
}

function sizeOf(key: string): number {
  return ENTRY_BYTES + key.length;
}
