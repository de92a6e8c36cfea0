/** Pages of lists: opaque tokens that survive the coming and going of items. */
import { AwsError } from "./errors.ts";

/** One page of a list and the token of the next, undefined at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

export interface PageOptions<T> {
  readonly token: string | undefined;
  /** At most so many items; 0 makes a page that is empty and not the last. */
  readonly size: number;
  /** So many items of the page before come again, within the size as long as there is something new. */
  readonly overlap?: number;
  /** The list that a token belongs to, arguments and all: elsewhere it is not valid. */
  readonly list: string;
  /** What tells an item from all others. */
  key(item: T): string;
}

/** Cuts the page out of `all`, which must come in the same order every time. Throws ValidationException. */
export function cutPage<T>(all: readonly T[], options: PageOptions<T>): Page<T> {
  const { token, size, list, key, overlap = 0 } = options;
  const next = token === undefined ? 0 : positionOf(token, list, all, key);
  const start = size === 0 ? next : Math.max(0, next - overlap);
  const end = Math.min(all.length, size === 0 ? next : Math.max(start + size, next + 1));
  const items = all.slice(start, end);
  if (end >= all.length) return { items, nextToken: undefined };
  const last = all[end - 1];
  return { items, nextToken: encode({ list, at: end, after: last === undefined ? "" : key(last) }) };
}

interface Position {
  readonly list: string;
  /** Where the item was, should it have gone meanwhile. */
  readonly at: number;
  /** The key of the last item given. */
  readonly after: string;
}

let tokensGiven = 0;

/** No two tokens are alike, as with AWS: an empty page's neither. */
function encode({ list, at, after }: Position): string {
  return Buffer.from(JSON.stringify({ list, at, after, nonce: ++tokensGiven })).toString("base64url");
}

function positionOf<T>(token: string, list: string, all: readonly T[], key: (item: T) => string): number {
  let position: Position | undefined;
  try {
    position = JSON.parse(Buffer.from(token, "base64url").toString()) as Position;
  } catch {}
  if (position?.list !== list || !Number.isInteger(position.at))
    throw new AwsError("ValidationException", "Invalid pagination token");
  const { at, after } = position;
  const before = all[at - 1];
  if (at === 0 || (before !== undefined && key(before) === after)) return at;
  const found = all.findIndex((item) => key(item) === after);
  // The last item given has gone: rather give one twice than miss one.
  return found >= 0 ? found + 1 : Math.min(at - 1, all.length);
}
