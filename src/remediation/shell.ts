/** Foreign text in a bash script: as a word, as JSON in a word, as a comment. */
import { escapeInvisible } from "./invisible.ts";

/** What no shell, no AWS CLI and no reader takes for something else; an URL would be fetched by version 1 of the CLI. */
const PLAIN = /^[\w/][\w./:@+,=-]*$/;

/** Whether `text` can stand as it is, as a word of bash and as a value of the AWS CLI. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text) && !text.includes("://");
}

/** `text` as one word of bash that means exactly `text`. What no word can hold is left out: NUL, and halves of pairs. */
export function quote(text: string): string {
  return isPlain(text) ? text : quoted(text);
}

/** The same with quotes in any case, as assignments want it: `i=a-2` may be meant for arithmetic. */
export function quoted(text: string): string {
  return `'${text.replaceAll("\0", "").toWellFormed().replaceAll("'", "'\\''")}'`;
}

/** `value` as JSON in one word of bash; ASCII alone, so that nothing in it shows as what it is not. */
export function quoteJson(value: unknown): string {
  const json = JSON.stringify(value).replace(
    /[^\u0020-\u007e]|'/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `'${json}'`;
}

/**
 * `text` in one line, without what a terminal obeys or an eye does not see. Nothing is redacted: names and settings are
 * to be acted on as they are, and secrets are none of them.
 */
export function visibleText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose
  return escapeInvisible(text.replace(/[\u0000-\u001f]/g, " "), () => " ").toWellFormed();
}

const MAX_LENGTH = 1_000;

/** `text` in one line for people, whatever it was, and bounded. */
export function line(text: string): string {
  const visible = visibleText(text.slice(0, MAX_LENGTH * 4)).trim();
  return (visible.length <= MAX_LENGTH ? visible : `${visible.slice(0, MAX_LENGTH - 1)}…`).toWellFormed();
}

/** `text` as lines of `width` or longer words, the first after `first` and the others after `rest`. */
export function wrapped(text: string, first: string, rest: string, width = 110): string[] {
  const lines: string[] = [];
  let current = first;
  let isEmpty = true;
  for (const word of line(text).split(/\s+/)) {
    if (!isEmpty && current.length + 1 + word.length > width) {
      lines.push(current);
      current = rest;
      isEmpty = true;
    }
    current += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, current];
}
