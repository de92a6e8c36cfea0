import { REPLACES_TAG } from "./notebook-tags.ts";
import type { DomainPlan, NotebookPlan, PlanRenderer, RemediationPlan } from "./plan.ts";
import { retiredSince } from "./platforms.ts";
import { refuseSameNames } from "./same-name.ts";
import { line, visibleText, wrapped } from "./shell.ts";

/** The steps in the AWS console, with this very resource's values, as plain text. */
export const renderConsole: PlanRenderer = (plans, place) => {
  refuseSameNames(plans);
  if (plans.length === 0) return "There is nothing to put right.\n";
  const head = `In the AWS console of account ${line(place.account)}, region ${line(place.region)}:`;
  const parts = plans.map((plan) => {
    const steps = plan.kind === "UpdateDomain" ? domainSteps(plan) : notebookSteps(plan);
    return [...titleOf(plan), "", ...numbered(steps), "", ...noticesOf(plan)].join("\n");
  });
  return `${[head, ...parts].join("\n\n")}\n`;
};

function titleOf(plan: RemediationPlan): string[] {
  const title =
    plan.kind === "UpdateDomain"
      ? `Domain ${plan.source.id} (${plan.source.name}): VPC only`
      : `Notebook instance ${plan.source.name}: replace it by ${plan.replacement.name}`;
  const text = line(title);
  return [text, "=".repeat(Math.min(text.length, 110))];
}

/** One step of the console: what to do, and the fields to fill in. */
interface Step {
  readonly text: string;
  readonly fields?: readonly (readonly [field: string, value: string])[];
}

function numbered(steps: readonly Step[]): string[] {
  return steps.flatMap(({ text, fields = [] }, at) => {
    const first = `${String(at + 1).padStart(2)}. `;
    return [
      ...wrapped(text, first, "    "),
      // Not wrapped: a value is to be copied as it is.
      ...fields.map(([field, value]) => `    - ${shown(`${field}: ${value}`)}`),
    ];
  });
}

/** A value as it is, and where that cannot be shown, that it is not: nobody shall copy another one unawares. */
function shown(text: string): string {
  const visible = visibleText(text);
  return visible === text ? text : `${visible} (it has characters that are not shown here: copy it from AWS)`;
}

function noticesOf({ notices }: RemediationPlan): string[] {
  return ["Know before you begin:", ...notices.flatMap(({ text }) => wrapped(text, "- ", "  "))];
}

const OPEN = "Open Amazon SageMaker AI in the console, and check the account and the region at the top.";

function notebookSteps(plan: NotebookPlan): Step[] {
  const { source, replacement } = plan;
  return [
    { text: OPEN },
    { text: `Under Notebooks choose Notebook instances, and Create notebook instance.` },
    {
      text: `Fill in what follows, and leave all else as it is. The tag ${REPLACES_TAG} says whose replacement it is:`,
      fields: fieldsOf(plan),
    },
    { text: `Choose Create notebook instance, and wait until ${replacement.name} is InService.` },
    { text: `Open ${replacement.name}: under Network, Direct internet access must say Disabled.` },
    {
      text:
        `Move the data, which lie below /home/ec2-user/SageMaker, from ${source.name} to ${replacement.name}: for instance ` +
        "through an S3 bucket, with aws s3 sync in the terminals of both.",
    },
    {
      text: `When all of it has arrived: select ${source.name}, choose Actions, Stop, and wait until it is Stopped.`,
    },
    { text: `Choose Actions, Delete, and confirm. What was not moved is lost.` },
    { text: "Scan again." },
  ];
}

function fieldsOf({ source, replacement, parameters }: NotebookPlan) {
  const { platformIdentifier, tags, additionalCodeRepositories: more = [] } = replacement;
  const isRetired = retiredSince(source.platformIdentifier) !== undefined;
  const optional: readonly (readonly [string, string | undefined])[] = [
    ["Notebook instance name", replacement.name],
    [
      "Notebook instance type",
      replacement.instanceType ?? "one that Amazon Linux 2023 runs on (AcceptedInstanceType)",
    ],
    [
      "Platform identifier",
      platformIdentifier ??
        (isRetired
          ? "one that the list offers, notebook-al2023-v1 or later (AcceptedPlatformIdentifier)"
          : undefined),
    ],
    ["Additional configuration, Lifecycle configuration", replacement.lifecycleConfigName],
    ["Additional configuration, Volume size in GB", replacement.volumeSizeInGB?.toString()],
    ["Additional configuration, Minimum IMDS version", replacement.minimumInstanceMetadataServiceVersion],
    ["IAM role", replacement.roleArn],
    ["Root access", replacement.rootAccess],
    ["Encryption key", replacement.kmsKeyId],
    ["Network, VPC", "that of the subnet"],
    ["Network, Subnet", replacement.subnetId ?? "one of your own (SubnetId)"],
    [
      "Network, Security groups",
      replacement.securityGroupIds?.join(", ") ?? "one to five of that VPC (SecurityGroupIds)",
    ],
    ["Network, IP address type", replacement.ipAddressType],
    ["Network, Direct internet access", "Disable"],
    ["Git repositories, Default repository", replacement.defaultCodeRepository],
    ["Git repositories, Additional repositories", more.length > 0 ? more.join(", ") : undefined],
    ...parameters
      .filter(({ isSecret }) => isSecret)
      .map(({ name, description }) => [`Git repositories, ${name}`, description] as const),
    ...tags.map(({ key, value }) => ["Tag", `${key} = ${value}`] as const),
  ];
  return optional.flatMap(([field, value]) => (value === undefined ? [] : [[field, value] as const]));
}

function domainSteps({ source, impossible, update }: DomainPlan): Step[] {
  if (impossible !== undefined) return [{ text: impossible }];
  const fields: readonly (readonly [string, string | undefined])[] = [
    ["VPC", source.vpcId === undefined ? "one of your own (VpcId)" : undefined],
    [
      "Subnets",
      source.subnetIds.length > 0 ? undefined : (update.subnetIds?.join(", ") ?? "of that VPC (SubnetIds)"),
    ],
    [
      "Security groups",
      update.securityGroupIds?.length === 0
        ? undefined
        : (update.securityGroupIds?.join(", ") ?? "of that VPC (SecurityGroupIds)"),
    ],
    ["Network access", "VPC only"],
  ];
  return [
    { text: OPEN },
    { text: `Under Admin configurations choose Domains, then ${source.name} (${source.id}).` },
    {
      text: "When their users have saved their work, delete all apps of user profiles and spaces; wait until none is Deleting.",
    },
    {
      text: "Under Domain settings edit Network, fill in what follows, and save:",
      fields: fields.flatMap(([field, value]) => (value === undefined ? [] : [[field, value] as const])),
    },
    {
      text: "Wait until the domain is InService: its network access must say VPC only. Then its users can open their apps again.",
    },
    { text: "Scan again." },
  ];
}
