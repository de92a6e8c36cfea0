/** Where in a file a value stands. */
import type { Path } from "./json.ts";

/** The place of a value, and of all that is in it. Offsets count UTF-16 units from the beginning of the text that was read. */
export interface Place {
  readonly offset: number;
  /** Of the key under which the value stands. */
  readonly keyOffset: number | undefined;
  /** The text of a scalar without quotes and of its key, as written. */
  readonly plain: string | undefined;
  readonly plainKey: string | undefined;
  readonly children: ReadonlyMap<string | number, Place>;
}

/** The place of a value; of the nearest thing around it where it is not written at all. */
export function placeAt(root: Place, path: Path): { readonly place: Place; readonly isWritten: boolean } {
  let place = root;
  for (const step of path) {
    const next = place.children.get(step);
    if (next === undefined) return { place, isWritten: false };
    place = next;
  }
  return { place, isWritten: true };
}
