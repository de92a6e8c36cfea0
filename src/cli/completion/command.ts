import { Argument, type Command } from "commander";
import { write } from "../output.ts";
import { modelOf } from "./model.ts";
import { COMPLETION_SCRIPTS, SHELLS, type Shell } from "./scripts.ts";

/** Adds `completion SHELL` to a program: the script that completes all of its other commands, and this one. */
export function addCompletionCommand(program: Command): void {
  program
    .command("completion")
    .description("Print the completion script for a shell, to be sourced.")
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
    .action((shell: Shell) => write([COMPLETION_SCRIPTS[shell](modelOf(program))]));
}
