import type { Block } from "./blocks.ts";
import { NEEDS, PLACEHOLDERS, SCENES, type Scene } from "./marks.ts";

const SHELLS: readonly string[] = ["sh", "bash", "console"];

/** A block that a reader would paste into a terminal, and what its words say of it. */
export interface Script {
  readonly block: Block;
  /** The commands alone, for bash, with something in place of every placeholder. */
  readonly text: string;
  readonly needs: readonly string[];
  readonly on: Scene | undefined;
}

/** The block as a script; undefined where it is none. @throws {Error} where its words are not those that there are. */
export function scriptOf(block: Block): Script | undefined {
  if (!SHELLS.includes(block.language)) return undefined;
  const needs: string[] = [];
  let on: Scene | undefined;
  for (const word of block.words) {
    const [name, value = ""] = word.split("=", 2);
    if (name === "needs" && Object.hasOwn(NEEDS, value)) needs.push(value);
    else if (name === "on" && isScene(value)) on = value;
    else throw new Error(`${placeOf(block)}: \`${word}\` is no mark that tools/docs/marks.ts has`);
  }
  const commands = block.language === "console" ? promptedIn(block.text) : block.text;
  return { block, text: filled(commands), needs, on };
}

/** `<page>:<line>`, which editors open. */
export function placeOf({ page, line }: Pick<Block, "page" | "line">): string {
  return `${page}:${line}`;
}

function isScene(word: string): word is Scene {
  return Object.hasOwn(SCENES, word);
}

/** What stands behind `$ `, with the lines that a backslash joins to it. What was printed is an example. */
function promptedIn(text: string): string {
  let goesOn = false;
  const commands = text.split("\n").flatMap((line) => {
    const command = goesOn ? line : line.startsWith("$ ") ? line.slice(2) : undefined;
    goesOn = command?.endsWith("\\") ?? false;
    return command ?? [];
  });
  return `${commands.join("\n")}\n`;
}

/** The text with something in place of every placeholder. */
export function filled(text: string): string {
  return text.replace(/(?<!\$\{|[\w$-])[A-Z]+(?![\w-])/g, (word) => PLACEHOLDERS[word] ?? word);
}
