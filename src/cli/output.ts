import { once } from "node:events";
import type { Writable } from "node:stream";
import type { OutputOptions } from "../config/scan-options.ts";
import type { FormatOptions } from "../formats/format.ts";

/** Writes `pieces` as fast as `stream` takes them. A reader that has seen enough, such as `head`, ends it quietly. */
export async function write(pieces: Iterable<string>, stream: Writable = process.stdout): Promise<void> {
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  stream.on("error", onError);
  try {
    for (const piece of pieces) {
      if (broken !== undefined) break;
      if (!stream.write(piece))
        await Promise.race([once(stream, "drain"), once(stream, "close")]).catch(() => undefined);
    }
    // Small outputs fail after the loop: the last write tells.
    if (broken === undefined) await new Promise<void>((resolve) => stream.write("", () => resolve()));
  } finally {
    stream.off("error", onError);
    // A later write of Node's own must not bring the process down.
    if (broken !== undefined) stream.on("error", () => undefined);
  }
  if (broken !== undefined && !("code" in broken && broken.code === "EPIPE")) throw broken;
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
