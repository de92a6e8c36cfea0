import type { Command } from "commander";
import { addOperatorOptions } from "../config/operator-options.ts";
import { addPlanOptions } from "../config/plan-options.ts";
import { addProbeOptions } from "../config/probe-options.ts";
import { addScanOptions } from "../config/scan-options.ts";
import { addCompletionCommand } from "./completion/command.ts";
import { addIamCommands } from "./iam-commands.ts";
import { createProgram } from "./program.ts";

const EXIT_CODES = `
Exit codes: 0 all compliant; 1 wrong usage; 2 violations; 3 something could not be read or judged. --fail-on chooses.
Credentials: the AWS default chain (environment, profile, SSO, container or node role). awsscan calls nothing that
changes anything in AWS.

Examples:
  awsscan scan                                                   the caller's account, every enabled region
  awsscan scan --regions us-east-1,eu-* -o json > result.json
  awsscan scan --role-arn arn:aws:iam::123456789012:role/ComplianceScan -o sarif
  awsscan scan --organization-role ComplianceScan --baseline result.json --fail-on new,unknown
  awsscan scan -f scan.yaml -o html > report.html                what a manifest says, without a cluster`;

const PLAN_HELP = `
Credentials: the AWS default chain, and the roles that --role-arn, --organization-role or manifests name. plan only reads.
What nothing tells, such as the subnet, is a named parameter of the plan.

Examples:
  awsscan plan arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/research --subnet subnet-0a1b2c3d4e5f67890 \\
    --security-group sg-0a1b2c3d4e5f67890 > remediate.sh
  awsscan plan --from result.json --format terraform --output-dir plans
  awsscan plan --scan team-ml/ml-platform --format console --output-dir plans`;

/** The program `awsscan`. What a command does is loaded when it runs. */
export function awsscanProgram(): Command {
  const program = createProgram(
    "awsscan",
    "Keeps AWS accounts free of SageMaker notebooks with direct internet access (rule SageMaker-004).",
  );

  addScanOptions(
    program
      .command("scan")
      .description("Scan AWS accounts once, with the caller's credentials, and print the result.")
      .addHelpText("after", EXIT_CODES),
  ).action(async (options) => (await import("./scan/command.ts")).scanCommand(options));

  addPlanOptions(program.command("plan [arn...]"))
    .description("Write how to put violations right, for each resource as it is now. Changes nothing.")
    .addHelpText("after", PLAN_HELP)
    .action(async (arns, options) => (await import("./plan/command.ts")).planCommand(arns, options));

  program
    .command("validate")
    .description("Say of AwsAccountScan manifests whether a cluster would take them, without one.")
    .requiredOption("-f, --filename <files...>", "the manifests; - for standard input")
    .action(async (options) => (await import("./manifests.ts")).validateCommand(options));

  program
    .command("explain [rule]")
    .description("Tell what a rule asks for, why, how to look, how to mend, and which controls it serves.")
    .action(async (rule) => (await import("./explain.ts")).explainCommand(rule));

  addOperatorOptions(
    program
      .command("operator")
      .description(
        "Run the Kubernetes operator: it scans what AwsAccountScan resources name, and tells status and metrics.",
      ),
  ).action(async (options) => (await import("./run-operator.ts")).runOperator(options));

  addProbeOptions(program.command("probe"))
    .description("Ask HTTP endpoints until each answers 200: whether an operator is ready, for one.")
    .action(async (urls, options) => (await import("./probe.ts")).probeCommand(urls, options));

  addIamCommands(program);
  addCompletionCommand(program);

  return program;
}
