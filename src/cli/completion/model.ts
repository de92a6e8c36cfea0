import type { Command } from "commander";

/** What can be typed behind a program's name, as shells complete it. */
export interface CompletionModel {
  readonly program: string;
  readonly commands: readonly CompletedCommand[];
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  /** Names of the commands beneath it, at any depth, which are not told apart. */
  readonly words: readonly string[];
  /** Its own, and those of the commands beneath it. */
  readonly flags: readonly CompletedFlag[];
}

export interface CompletedFlag {
  /** `-o`, where there is one. */
  readonly short: string | undefined;
  readonly long: string;
  readonly description: string;
  /** Whether a value follows; which ones, where they are known; whether it is the name of a file. */
  readonly value: { readonly choices: readonly string[]; readonly isFile: boolean } | undefined;
}

/** Reads off `program` what its help tells. */
export function modelOf(program: Command): CompletionModel {
  return {
    program: program.name(),
    commands: program.commands.map((command) => {
      const below = descendantsOf(command);
      return {
        name: command.name(),
        description: oneLine(command.description()),
        words: [...new Set(below.map((each) => each.name()))],
        flags: uniqueFlags([command, ...below].flatMap(flagsOf)),
      };
    }),
  };
}

function descendantsOf(command: Command): Command[] {
  return command.commands.flatMap((below) => [below, ...descendantsOf(below)]);
}

function flagsOf(command: Command): CompletedFlag[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map((option) => ({
      short: option.short,
      long: option.long ?? option.short ?? "",
      description: oneLine(option.description),
      value: option.required
        ? { choices: option.argChoices ?? [], isFile: /<(file|files|folder)\b/.test(option.flags) }
        : undefined,
    }));
}

/** Each once, as the first command has it. */
function uniqueFlags(flags: readonly CompletedFlag[]): CompletedFlag[] {
  return [...new Map(flags.toReversed().map((flag) => [flag.long, flag])).values()].toReversed();
}

/** A shell's description ends where its line ends; quotes and brackets mean something to each of them. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ").replace(/['"`$\\[\]:]/g, "");
}
