import { Command } from "commander";
import { BUILD } from "./build-info.ts";
import { note } from "./note.ts";
import { UsageError } from "./usage-error.ts";

/** Exit codes; README documents them. */
export const EXIT = { ok: 0, usage: 1, violations: 2, incomplete: 3, interrupted: 130 } as const;

/** A program whose refusals say what is allowed. */
export function createProgram(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .version(BUILD.version)
    .showHelpAfterError(`(${name} --help tells what is allowed)`);
}

/**
 * Runs the command that `argv` names. What the user must change is told in a line and exit code 1; anything else that
 * is thrown is a defect, and keeps its stack.
 */
export async function runProgram(program: Command, argv: readonly string[] = process.argv): Promise<void> {
  // Charts render variables that nobody set as empty ones.
  for (const [name, value] of Object.entries(process.env)) {
    if (name.startsWith("AWSSCAN_") && value === "") delete process.env[name];
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    for (const line of error.message.split("\n")) note(line);
    process.exitCode = EXIT.usage;
  }
}
