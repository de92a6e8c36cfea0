import { type Command, InvalidArgumentError, Option } from "commander";
import { FORMAT_NAMES, type FormatName } from "../formats/names.ts";
import { addTargetOptions, type TargetOptions } from "./target-options.ts";
import { duration } from "./values.ts";

/** What ends `awsscan scan` with another code than 0. */
export type FailOn = "violations" | "new" | "unknown";

/** How a result is printed. */
export interface OutputOptions {
  readonly output: FormatName;
  readonly color: "auto" | "always" | "never";
}

/** The options of `awsscan scan`. Durations are milliseconds. */
export interface ScanOptions extends TargetOptions, OutputOptions {
  readonly include: "findings" | "all";
  /** A file that `-o json` wrote. */
  readonly baseline?: string;
  readonly failOn: readonly FailOn[];
  /** Undefined: the manifest's, or {@link DEFAULT_TIMEOUT_MS}. */
  readonly timeout?: number;
  readonly progress: boolean;
}

/** Of a scan that flags describe: nobody waits longer for a command without having said so. */
export const DEFAULT_TIMEOUT_MS = 3_600_000;

export function addScanOptions(command: Command): Command {
  addTargetOptions(command);
  return addOutputOptions(command)
    .addOption(
      new Option("--include <what>", "findings: everything that is not a pass; all: passes too")
        .choices(["findings", "all"])
        .default("findings"),
    )
    .option(
      "--baseline <file>",
      "an earlier result (-o json): tell what is new, resolved and unchanged since",
    )
    .addOption(
      new Option(
        "--fail-on <what>",
        "what makes the exit code 2 (violations, or new: those that the baseline lacks) or 3 (unknown), by comma; none: always 0",
      )
        .argParser(failOn)
        .default(["violations", "unknown"], "violations,unknown"),
    )
    .addOption(
      new Option(
        "--timeout <duration>",
        "how long the scan may take; what is not reached is unknown (default: the manifest's, or 1h)",
      ).argParser(duration("1s")),
    )
    .option("--no-progress", "no progress on standard error, even where that is a terminal");
}

/** Adds `--output` and `--color`. */
export function addOutputOptions(command: Command): Command {
  return command
    .addOption(
      new Option("-o, --output <format>", "how to print the result").choices(FORMAT_NAMES).default("table"),
    )
    .addOption(
      new Option("--color <when>", "colours in the table; auto: on a terminal, unless NO_COLOR is set")
        .choices(["auto", "always", "never"])
        .default("auto"),
    );
}

function failOn(text: string): readonly FailOn[] {
  const given = text.split(",").map((entry) => entry.trim());
  if (given.length === 1 && given[0] === "none") return [];
  const allowed: readonly string[] = ["violations", "new", "unknown"];
  if (!given.every((entry): entry is FailOn => allowed.includes(entry))) {
    throw new InvalidArgumentError("Give violations, new or unknown, several by comma, or none alone.");
  }
  return given;
}
