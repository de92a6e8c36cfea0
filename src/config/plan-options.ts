import { type Command, Option } from "commander";
import { addClusterOptions, type ClusterOptions } from "./cluster-options.ts";
import { addAccountOptions, type TargetOptions } from "./target-options.ts";
import { list, oneLine } from "./values.ts";

export const PLAN_FORMATS = [
  "cli",
  "cloudformation-json",
  "cloudformation-yaml",
  "terraform",
  "console",
] as const;
export type PlanFormat = (typeof PLAN_FORMATS)[number];

/** As AWS's API takes them: a hash of 8 or 17 digits is what it gives, and not what it promises. */
const SUBNET_ID = /^subnet-[0-9a-zA-Z-]{1,25}$/;
const SECURITY_GROUP_ID = /^sg-[0-9a-zA-Z-]{1,29}$/;

/** The options of `awsscan plan`. */
export interface PlanOptions extends TargetOptions, ClusterOptions {
  /** A file that `awsscan scan -o json` wrote; `-` is standard input. */
  readonly from?: string;
  /** A scan in the cluster, `name` or `namespace/name`. */
  readonly scan?: string;
  readonly format: PlanFormat;
  readonly subnet?: string;
  readonly securityGroup?: readonly string[];
  /** The name of the replacement; with one notebook instance alone. */
  readonly replacementName?: string;
  /** In the place of a platform that AWS has retired. */
  readonly platform?: string;
  /** A folder for a file for each account and region, instead of standard output. */
  readonly outputDir?: string;
}

export function addPlanOptions(command: Command): Command {
  command
    .option(
      "--from <file>",
      "every violation of an earlier result (awsscan scan -o json); - for standard input",
    )
    .option("--scan <name>", "every violation of an AwsAccountScan in the cluster: name, or namespace/name");
  addPlanOutputOptions(command);
  return addClusterOptions(addAccountOptions(command));
}

/** How a plan is written, and into which network replacements go. */
export function addPlanOutputOptions(command: Command): Command {
  return command
    .addOption(new Option("--format <format>", "what to write").choices(PLAN_FORMATS).default("cli"))
    .addOption(
      new Option("--subnet <id>", "the subnet of replacements (default: a parameter of the plan)").argParser(
        oneLine(SUBNET_ID, "the id of a subnet such as subnet-0a1b2c3d4e5f67890"),
      ),
    )
    .addOption(
      new Option(
        "--security-group <ids>",
        "the security groups of replacements, or of the one domain that is planned for; one to five, by comma (default: a parameter)",
      ).argParser(list(SECURITY_GROUP_ID, "ids of security groups such as sg-0a1b2c3d4e5f67890", 5)),
    )
    .addOption(
      new Option(
        "--replacement-name <name>",
        "the name of the replacement, where one notebook instance is planned for (default: the old name and -vpc)",
      ).argParser(
        oneLine(
          /^(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*$/,
          "a name of up to 63 letters, digits and dashes, beginning and ending with no dash",
        ),
      ),
    )
    .addOption(
      new Option(
        "--platform <identifier>",
        "the platform of replacements whose own AWS has retired (default: a parameter)",
      ).argParser(oneLine(/^notebook-al\d+-v\d+$/, "a platform identifier such as notebook-al2023-v1")),
    )
    .option("--output-dir <folder>", "write a file for each account and region into this folder");
}
