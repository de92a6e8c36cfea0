import { type Command, InvalidArgumentError, Option } from "commander";
import { list, oneLine } from "./values.ts";

/** Which accounts and regions a command is about, and how to get in. */
export interface TargetOptions {
  /** Manifests instead of the flags below; `-` is standard input. */
  readonly filename?: readonly string[];
  readonly account?: readonly string[];
  readonly roleArn?: readonly string[];
  readonly externalId?: string;
  readonly organizationRole?: string;
  readonly managementRoleArn?: string;
  readonly organizationalUnits?: readonly string[];
  readonly excludeAccounts?: readonly string[];
  readonly regions?: readonly string[];
  readonly excludeRegions?: readonly string[];
  readonly profile?: string;
}

const ACCOUNT = /^\d{12}$/;
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const REGION = /^([a-z]{2,5}(-[a-z]+)+-\d{1,2}|[a-z0-9-]*(\*[a-z0-9-]*){1,4})$/;
const UNIT = /^(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|r-[0-9a-z]{4,32})$/;
const ROLE_NAME = /^[\w+=,.@-][\w+=,.@/-]{0,575}$/;

const ROLE_HINT = "ARNs of IAM roles such as arn:aws:iam::123456789012:role/ComplianceScan";
const REGION_HINT = "names such as us-east-1, or globs such as eu-*";

/** The accounts of a command; what is left out is the account of the caller's own credentials, in all its regions. */
export function addTargetOptions(command: Command): Command {
  return addAccountOptions(command)
    .addOption(
      new Option("--regions <regions>", "regions and globs, by comma (default: every enabled one)").argParser(
        list(REGION, REGION_HINT),
      ),
    )
    .addOption(
      new Option("--exclude-regions <regions>", "regions and globs to leave out, by comma").argParser(
        list(REGION, REGION_HINT),
      ),
    );
}

/** Manifests: `-f a -f b`, and `-f a b` too where a command takes no arguments that could be meant. */
export function addFilenameOption(command: Command): Command {
  const takesArguments = command.registeredArguments.length > 0;
  const option = new Option(
    `-f, --filename <${takesArguments ? "file" : "files..."}>`,
    "AwsAccountScan manifests, as kubectl applies them; - for standard input",
  );
  if (takesArguments) option.argParser((file: string, before: readonly string[] = []) => [...before, file]);
  return command.addOption(option);
}

/** How a command gets into accounts. */
export function addAccountOptions(command: Command): Command {
  return addFilenameOption(command)
    .addOption(
      new Option(
        "--account <ids>",
        "the account that the credentials must be of; several by comma, each with its --role-arn",
      ).argParser(list(ACCOUNT, "account ids of 12 digits")),
    )
    .addOption(
      new Option("--role-arn <arns>", "roles to assume, one for each account, by comma").argParser(
        list(ROLE, ROLE_HINT),
      ),
    )
    .addOption(
      new Option("--external-id <id>", "the external id that the roles ask for").argParser(
        oneLine(/^[\w+=,.@:/-]{2,1224}$/, "2 to 1224 letters, digits and _+=,.@:/-"),
      ),
    )
    .addOption(
      new Option(
        "--organization-role <name>",
        "scan every active account of the organization by a role of this name",
      ).argParser(oneLine(ROLE_NAME, "the name of a role, without arn:")),
    )
    .addOption(
      new Option(
        "--management-role-arn <arn>",
        "who may ask AWS Organizations (default: the credentials)",
      ).argParser(one(ROLE, ROLE_HINT)),
    )
    .addOption(
      new Option(
        "--organizational-units <ids>",
        "only accounts below these units, at any depth, by comma",
      ).argParser(list(UNIT, "ids such as ou-ab12-cdef3456, or a root such as r-ab12")),
    )
    .addOption(
      new Option("--exclude-accounts <ids>", "accounts of the organization to leave out, by comma").argParser(
        list(ACCOUNT, "account ids of 12 digits"),
      ),
    )
    .option(
      "--profile <name>",
      "a profile of the AWS configuration (default: AWS_PROFILE, or the default chain)",
    );
}

function one(pattern: RegExp, hint: string): (text: string) => string {
  const parse = list(pattern, hint);
  return (text) => {
    const [value, ...more] = parse(text);
    if (value === undefined || more.length > 0) throw new InvalidArgumentError(`Give one of ${hint}.`);
    return value;
  };
}
