/** Writes HCL as `terraform fmt` would. */
import { escapeInvisible, unicodeEscape } from "./invisible.ts";
import { wrapped } from "./notice-text.ts";

/** What stands right of an equals sign: an expression in one line, or an object in several, keys being expressions too. */
export type Expression = string | { readonly object: readonly Attribute[] };

type Attribute = readonly [name: string, value: string];

export type Item =
  | { readonly comment: string }
  | { readonly name: string; readonly value: Expression }
  | { readonly block: string; readonly items: readonly Item[] };

const ESCAPES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  '"': '\\"',
  "\\": "\\\\",
};

/**
 * A string literal. Templates in it (`${…}`, `%{…}`) lose their meaning. What Terraform reads is the string in Unicode's
 * normal form C, whatever form it was in.
 * https://developer.hashicorp.com/terraform/language/expressions/strings
 */
export function quote(text: string): string {
  const escaped = text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must be escaped
    .replace(/[\u0000-\u001f"\\]/g, (character) => ESCAPES[character] ?? unicodeEscape(character))
    .replace(/[$%](?=\{)/g, "$&$&");
  return `"${escapeInvisible(escaped, unicodeEscape)}"`;
}

export function list(texts: readonly string[]): string {
  return `[${texts.map(quote).join(", ")}]`;
}

/** Items as lines, a level of indentation being two blanks. Blank lines set blocks apart. */
export function hcl(items: readonly Item[], indent = ""): string {
  const pieces: string[] = [];
  for (let index = 0; index < items.length; ) {
    const item = items[index];
    if (item === undefined) break;
    const aligned = alignedFrom(items, index);
    if (index > 0 && setsApart(items[index - 1], item)) pieces.push("");
    if (aligned.length > 0) pieces.push(...align(aligned, indent));
    else pieces.push(...linesOf(item, indent));
    index += Math.max(aligned.length, 1);
  }
  return pieces.join("\n");
}

/** Attributes in one line each that follow one another: `terraform fmt` puts their equals signs below each other. */
function alignedFrom(items: readonly Item[], start: number): Attribute[] {
  const aligned: Attribute[] = [];
  for (const item of items.slice(start)) {
    if (!("name" in item) || typeof item.value !== "string") break;
    aligned.push([item.name, item.value]);
  }
  return aligned;
}

function align(attributes: readonly Attribute[], indent: string): string[] {
  const width = Math.max(...attributes.map(([name]) => columnsOf(name)));
  return attributes.map(
    ([name, value]) => `${indent}${name}${" ".repeat(width - columnsOf(name))} = ${value}`,
  );
}

function linesOf(item: Item, indent: string): string[] {
  if ("comment" in item)
    return wrapped(escapeInvisible(item.comment, unicodeEscape)).map((line) => `${indent}# ${line}`);
  const inner = `${indent}  `;
  if ("block" in item) {
    if (item.items.length === 0) return [`${indent}${item.block} {}`];
    return [`${indent}${item.block} {`, hcl(item.items, inner), `${indent}}`];
  }
  if (typeof item.value === "string") return align([[item.name, item.value]], indent);
  return [`${indent}${item.name} = {`, ...align(item.value.object, inner), `${indent}}`];
}

function setsApart(before: Item | undefined, item: Item): boolean {
  if (before === undefined || "comment" in before) return false;
  return !("name" in item) || !("name" in before) || typeof before.value !== typeof item.value;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** `terraform fmt` counts what a reader takes for a character. */
function columnsOf(text: string): number {
  return [...graphemes.segment(text)].length;
}
