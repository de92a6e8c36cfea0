import { safeText } from "../api/safe-text.ts";

/** A line for people, on standard error: standard output is the result's alone. Foreign text in it becomes harmless. */
export function note(line: string): void {
  process.stderr.write(`${safeText(line, 4_096)}\n`);
}
