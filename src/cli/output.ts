import { once } from "node:events";
import type { Writable } from "node:stream";
import type { OutputOptions } from "../config/scan-options.ts";
import type { FormatOptions } from "../formats/format.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Writes `pieces` as fast as `stream` takes them. A reader that has seen enough, such as `head`, ends it quietly.
 * @throws {UsageError} where the text cannot be written: a disk that is full.
 */
export async function write(pieces: Iterable<string>, stream: Writable = process.stdout): Promise<void> {
  const ended = new AbortController();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
    ended.abort();
  };
  // Kept for good: a write of Node's own that fails later must not bring the process down.
  stream.once("error", onError).once("close", () => ended.abort());
  for (const piece of pieces) {
    if (ended.signal.aborted) break;
    if (!stream.write(piece)) await once(stream, "drain", { signal: ended.signal }).catch(() => undefined);
  }
  // Small outputs fail after the loop: the last write tells.
  if (!ended.signal.aborted) await new Promise<void>((resolve) => stream.write("", () => resolve()));
  if (broken === undefined || ("code" in broken && broken.code === "EPIPE")) return;
  throw new UsageError(`error: the result cannot be written: ${broken.message}`);
}

/** How standard output wants a result to be written. */
export function outputOptions(color: OutputOptions["color"]): FormatOptions {
  return { color: wantsColor(color, process.stdout, process.env), columns: outputColumns() };
}

/** Columns of standard output; undefined where it is no terminal, or one that does not know its size. */
export function outputColumns(): number | undefined {
  return process.stdout.columns || undefined;
}

/** Whether to colour what goes to `stream`. https://no-color.org */
export function wantsColor(
  when: OutputOptions["color"],
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (when !== "auto") return when === "always";
  return stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}
