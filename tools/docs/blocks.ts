/** What Markdown holds of code, and where. Pure. */
import { parse, postprocess, preprocess } from "micromark";

/** A fenced block: ```` ```sh needs=aws ```` has the language `sh` and the word `needs=aws`. */
export interface Block {
  readonly page: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly words: readonly string[];
  readonly text: string;
}

/** Code between backticks within a line of prose. */
export interface InlineCode {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}

/** The fenced blocks of a page, in its order. One within a list or a quote is without their indentation. */
export function blocksOf(page: string, markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; language: string; meta: string; lines: string[] } | undefined;
  for (const [phase, token, context] of eventsOf(markdown)) {
    const { type, start } = token;
    if (phase === "enter" && type === "codeFenced") {
      open = { line: start.line, language: "", meta: "", lines: [] };
    } else if (open === undefined) continue;
    else if (phase === "exit" && type === "codeFenced") {
      const { line, language, meta, lines } = open;
      const words = meta.split(/\s+/).filter((word) => word !== "");
      // Lines that hold nothing have no token of their own: the places of the others tell.
      blocks.push({ page, line, language, words, text: `${lines.join("\n")}\n` });
      open = undefined;
    } else if (phase === "enter" && type === "codeFencedFenceInfo")
      open.language = context.sliceSerialize(token);
    else if (phase === "enter" && type === "codeFencedFenceMeta") open.meta = context.sliceSerialize(token);
    else if (phase === "enter" && type === "codeFlowValue") {
      const at = start.line - open.line - 1;
      while (open.lines.length < at) open.lines.push("");
      open.lines[at] = context.sliceSerialize(token);
    }
  }
  return blocks;
}

/** The code between backticks of a page. */
export function inlineCodeOf(page: string, markdown: string): InlineCode[] {
  return eventsOf(markdown).flatMap(([phase, token, context]) =>
    phase === "enter" && token.type === "codeText"
      ? [{ page, line: token.start.line, text: context.sliceSerialize(token).replace(/^`+ ?| ?`+$/g, "") }]
      : [],
  );
}

function eventsOf(markdown: string) {
  return postprocess(
    parse()
      .document()
      .write(preprocess()(markdown, undefined, true)),
  );
}
