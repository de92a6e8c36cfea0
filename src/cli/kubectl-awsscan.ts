import type { Command } from "commander";
import { addAllNamespacesOption, addClusterOptions, addNowOptions } from "../config/cluster-options.ts";
import { addPlanOutputOptions } from "../config/plan-options.ts";
import { addOutputOptions } from "../config/scan-options.ts";
import { addCompletionCommand } from "./completion/command.ts";
import { createProgram } from "./program.ts";

/**
 * The kubectl plugin: kubectl runs `kubectl-awsscan` from the PATH for `kubectl awsscan`.
 * https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/
 */
export function kubectlProgram(): Command {
  const program = createProgram(
    "kubectl-awsscan",
    "The scans of AWS accounts in a cluster: kubectl awsscan COMMAND.",
  );

  addAllNamespacesOption(addClusterOptions(program.command("list")))
    .description("List scans, what they came to, and why where that is not well.")
    .action(async (options) => (await import("./cluster/list.ts")).listCommand(options));

  addOutputOptions(addAllNamespacesOption(addClusterOptions(program.command("violations [name]"))))
    .description(
      "Print the last results, of one scan or of all in the namespace, as awsscan scan prints them.",
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 all compliant; 1 wrong usage; 2 violations; 3 incomplete, or not fresh.",
    )
    .action(async (name, options) =>
      (await import("./cluster/violations.ts")).violationsCommand(name, options),
    );

  addNowOptions(program.command("now <name>"))
    .description("Have the operator scan now, and wait until it has.")
    .action(async (name, options) => (await import("./cluster/now.ts")).nowCommand(name, options));

  addPlanOutputOptions(addClusterOptions(program.command("plan <name>")))
    .description("Write the remediation of a scan's violations, read with your own AWS credentials.")
    .option(
      "--profile <name>",
      "a profile of the AWS configuration (default: AWS_PROFILE, or the default chain)",
    )
    .action(async (name, options) =>
      (await import("./plan/command.ts")).planCommand([], { ...options, scan: name }),
    );

  addCompletionCommand(program);

  return program;
}
