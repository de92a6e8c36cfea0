import { spellOut } from "../api/visible-text.ts";

// As in visible-text.ts; but for the line breaks of the layout, which strings cannot hold.
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * `value` as JSON that is safe to print: every character that a terminal obeys or nobody sees is escaped, so that
 * readers of JSON get it back as it was. Undefined fields are left out. `depth`: levels that the text stands inside of;
 * its first line is not indented.
 */
export function prettyJson(value: object, depth = 0): string {
  return escaped(JSON.stringify(value, null, 2)).replaceAll("\n", `\n${"  ".repeat(depth)}`);
}

/** As {@link prettyJson}, in one line. */
export function jsonLine(value: object): string {
  return escaped(JSON.stringify(value));
}

function escaped(json: string): string {
  return json.replace(UNSEEN, spellOut);
}
