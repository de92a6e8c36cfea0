/** A manifest file's documents, read as kubectl reads them. */
import { type Document, LineCounter, type ParsedNode, parseAllDocuments } from "yaml";
import { ConvertError, type Converted, convert } from "./convert.ts";
import { jsonObjects, type Segment } from "./json-stream.ts";

/** One document that has something in it. */
export interface ManifestDocument extends Converted {
  readonly positionOf: (offset: number) => Position;
}

/** Both count from 1; a column is a UTF-16 unit. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Why a document, or the whole file, cannot be read. */
export interface SyntaxProblem {
  readonly position: Position;
  readonly message: string;
}

export interface Documents {
  readonly documents: readonly ManifestDocument[];
  readonly problems: readonly SyntaxProblem[];
}

/** Never throws: what cannot be read is a problem, and the other documents come all the same. */
export function readDocuments(text: string): Documents {
  const position = positions(text);
  const documents: ManifestDocument[] = [];
  const objects = jsonObjects(text);
  const rules = objects === undefined ? NOT_IN_YAML : NOT_IN_JSON;
  const problems = [...controlCharacters(text, rules), ...badSeparators(text)].map(({ offset, message }) => ({
    position: position(offset),
    message,
  }));
  for (const segment of objects ?? [{ start: 0, source: text }]) {
    const positionOf = (offset: number) => position(segment.start + offset);
    for (const read of readSegment(segment)) {
      if ("message" in read) problems.push({ position: positionOf(read.offset), message: read.message });
      else if (read.value !== null) documents.push({ ...read, positionOf });
    }
  }
  return { documents, problems };
}

const TOO_DEEP = "nested too deeply";

interface Failure {
  readonly offset: number;
  readonly message: string;
}

function readSegment({ source }: Segment): (Converted | Failure)[] {
  try {
    // Every scalar stays text here: what it means is for go-yaml's rules to say, not for this library's.
    const options = { schema: "failsafe", uniqueKeys: false, prettyErrors: false } as const;
    return [...parseAllDocuments(source, options)].map(readDocument);
  } catch (error) {
    // The library goes into nested collections by recursion, and the stack ends somewhere.
    if (!(error instanceof RangeError)) throw error;
    return [{ offset: 0, message: TOO_DEEP }];
  }
}

function readDocument(document: Document.Parsed<ParsedNode>): Converted | Failure {
  const [error] = document.errors;
  if (error !== undefined) {
    const message = /call stack/.test(error.message) ? TOO_DEEP : error.message;
    return { offset: error.pos[0], message };
  }
  try {
    return convert(document.contents);
  } catch (failure) {
    if (!(failure instanceof ConvertError)) throw failure;
    return { offset: failure.offset, message: failure.message };
  }
}

/** What go-yaml's reader takes nowhere, not even in quotes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_IN_YAML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_IN_JSON = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

/** The first of them, which is enough to know that the file is not what its author sees. */
function controlCharacters(text: string, forbidden: RegExp): Failure[] {
  const found = forbidden.exec(text);
  return found === null ? [] : [{ offset: found.index, message: "control characters are not allowed" }];
}

/** kubectl parts a file into documents by lines before any of them is YAML, and takes only comments behind `---`. */
function badSeparators(text: string): Failure[] {
  return [...text.matchAll(/^---[^\S\n]*(?=[^\s#])/gm)].map(({ index }) => ({
    offset: index,
    message: "put nothing but a comment behind ---",
  }));
}

function positions(text: string): (offset: number) => Position {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
}
