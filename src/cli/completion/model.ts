import type { Command } from "commander";

/** What can be typed behind a program's name, as shells complete it. */
export interface CompletionModel {
  readonly program: string;
  readonly commands: readonly CompletedCommand[];
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
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
    commands: program.commands.map((command) => ({
      name: command.name(),
      description: oneLine(command.description()),
      flags: command
        .createHelp()
        .visibleOptions(command)
        .map((option) => ({
          short: option.short,
          long: option.long ?? option.short ?? "",
          description: oneLine(option.description),
          value: option.required
            ? { choices: option.argChoices ?? [], isFile: /<(file|files|folder)\b/.test(option.flags) }
            : undefined,
        })),
    })),
  };
}

/** A shell's description ends where its line ends; quotes and brackets mean something to each of them. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ").replace(/['"`$\\[\]:]/g, "");
}
