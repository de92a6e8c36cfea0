import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

/** The text of a file, or of standard input where it is `-`. Rejects as `readFile` does. */
export function readInput(file: string): Promise<string> {
  return file === "-" ? text(process.stdin) : readFile(file, "utf8");
}
