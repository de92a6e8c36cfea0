/** A list cut to what may enter a status. */
export interface Bounded<T> {
  readonly items: readonly T[];
  /** How many are left out. */
  readonly truncated: number;
}

/** The first of `items`, at most `maxItems` of them and at most `maxBytes` of JSON in all. */
export function bounded<T>(items: readonly T[], maxItems: number, maxBytes: number): Bounded<T> {
  const kept: T[] = [];
  let bytes = 0;
  for (const item of items.slice(0, maxItems)) {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    if (bytes > maxBytes) break;
    kept.push(item);
  }
  return { items: kept, truncated: items.length - kept.length };
}
