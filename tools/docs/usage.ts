import { type Command, CommanderError } from "commander";
import { awsscanProgram } from "../../src/cli/awsscan.ts";
import { kubectlProgram } from "../../src/cli/kubectl-awsscan.ts";
import { commandsIn } from "./words.ts";

/** How often a script calls one of our commands, and what each call gets wrong: the command, and what it would say. */
export interface Usage {
  readonly calls: number;
  readonly problems: readonly string[];
  /** Of these, what is only left out: prose may name a command without its arguments. */
  readonly omissions: readonly string[];
}

/** Holds every call of `awsscan` and `kubectl awsscan` in a script against the programs' own definition. */
export function usageOf(script: string): Usage {
  const calls = commandsIn(script).flatMap((words) => callIn(words) ?? []);
  const refused = calls.flatMap(({ program, args }) => refusalOf(program, args) ?? []);
  return {
    calls: calls.length,
    problems: refused.map(({ message }) => message),
    omissions: refused.filter(({ code }) => OMISSIONS.includes(code)).map(({ message }) => message),
  };
}

interface Call {
  readonly program: Command;
  readonly args: readonly string[];
}

function callIn(words: readonly string[]): Call | undefined {
  const [name, second] = words;
  if (name === "awsscan") return { program: awsscanProgram(), args: words.slice(1) };
  if (name === "kubectl-awsscan") return { program: kubectlProgram(), args: words.slice(1) };
  if (name === "kubectl" && second === "awsscan") return { program: kubectlProgram(), args: words.slice(2) };
  return undefined;
}

/** Commander's codes. */
const OMISSIONS: readonly string[] = [
  // A command that has commands of its own answers with its help.
  "commander.help",
  "commander.missingArgument",
  "commander.missingMandatoryOptionValue",
  "commander.optionMissingArgument",
];

/** What the program refuses in its arguments; it does nothing of what they ask for. */
function refusalOf(
  program: Command,
  args: readonly string[],
): { readonly code: string; readonly message: string } | undefined {
  quiet(program);
  try {
    program.parse([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // --help and --version end a program, and are no mistakes.
    const { code, exitCode } = error;
    if (exitCode !== 0) return { code, message: `${[program.name(), ...args].join(" ")}: ${error.message}` };
  }
  return undefined;
}

function quiet(command: Command): void {
  command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  // Without an argument for the program itself, its help is what it answers.
  if (command.commands.length === 0) command.action(() => undefined);
  for (const subcommand of command.commands) quiet(subcommand);
}
