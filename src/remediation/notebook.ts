import { hasCredentials, withoutCredentials } from "./git-credentials.ts";
import { isNotebookName, replacementName } from "./notebook-name.ts";
import { notebookNotices } from "./notebook-notices.ts";
import { carriedTags } from "./notebook-tags.ts";
import type { NotebookPlan, NotebookSource, Parameter, PlanChoices, Replacement } from "./plan.ts";
import { isElasticInference, retiredSince, runsOnCurrentPlatforms } from "./platforms.ts";

/** How to replace the instance. Throws where the chosen name is none that AWS takes. */
export function planNotebook(source: NotebookSource, choices: PlanChoices): NotebookPlan {
  const replacement = replacementOf(source, choices);
  const parameters = parametersOf(source, replacement);
  const notices = notebookNotices(source, replacement);
  return { kind: "ReplaceNotebookInstance", source, replacement, parameters, notices };
}

function replacementOf(source: NotebookSource, choices: PlanChoices): Replacement {
  const { replacementName: name = replacementName(source.name) } = choices;
  if (!isNotebookName(name) || name.toLowerCase() === source.name.toLowerCase())
    throw new RangeError(
      `"${name}" cannot be the replacement's name: up to 63 letters, digits and dashes, not the old name`,
    );
  const isRetired = retiredSince(source.platformIdentifier) !== undefined;
  return {
    name,
    instanceType: runsOnCurrentPlatforms(source.instanceType) ? source.instanceType : undefined,
    roleArn: source.roleArn,
    platformIdentifier: isRetired ? choices.platformIdentifier : source.platformIdentifier,
    volumeSizeInGB: source.volumeSizeInGB,
    kmsKeyId: source.kmsKeyId,
    lifecycleConfigName: source.lifecycleConfigName,
    rootAccess: source.rootAccess,
    minimumInstanceMetadataServiceVersion: source.minimumInstanceMetadataServiceVersion,
    ipAddressType: source.ipAddressType,
    acceleratorTypes: source.acceleratorTypes.filter((type) => !isElasticInference(type)),
    defaultCodeRepository: hasCredentials(source.defaultCodeRepository)
      ? undefined
      : source.defaultCodeRepository,
    additionalCodeRepositories: source.additionalCodeRepositories.some(hasCredentials)
      ? undefined
      : source.additionalCodeRepositories,
    tags: carriedTags(source).tags,
    ...networkOf(source, choices),
  };
}

/** What was chosen, else where the instance is attached already; its groups only with its own subnet. */
function networkOf(
  source: NotebookSource,
  choices: PlanChoices,
): Pick<Replacement, "subnetId" | "securityGroupIds"> {
  const subnetId = choices.subnetId ?? source.subnetId;
  // Groups belong to one VPC, and which one another subnet lies in nobody knows.
  const known = subnetId === source.subnetId ? source.securityGroupIds : [];
  const groups = choices.securityGroupIds?.length ? choices.securityGroupIds : known;
  return { subnetId, securityGroupIds: groups.length > 0 ? groups : undefined };
}

function parametersOf(source: NotebookSource, replacement: Replacement): Parameter[] {
  const parameters: Parameter[] = [];
  if (replacement.subnetId === undefined)
    parameters.push({
      name: "SubnetId",
      description: "A subnet of your VPC, with a NAT gateway or VPC endpoints for what the notebooks need",
    });
  if (replacement.securityGroupIds === undefined)
    parameters.push({
      name: "SecurityGroupIds",
      description: "One to five security groups of the VPC that the subnet lies in",
    });
  if (retiredSince(source.platformIdentifier) !== undefined && replacement.platformIdentifier === undefined)
    parameters.push({
      name: "AcceptedPlatformIdentifier",
      description: `A platform that AWS still takes, in the place of ${source.platformIdentifier}: notebook-al2023-v1 or later`,
    });
  if (replacement.instanceType === undefined)
    parameters.push({
      name: "AcceptedInstanceType",
      of: source.instanceType,
      description: `An instance type that Amazon Linux 2023 runs on, in the place of ${source.instanceType}`,
    });
  return [...parameters, ...secretRepositories(source)];
}

function secretRepositories({
  defaultCodeRepository: first = "",
  additionalCodeRepositories: more,
}: NotebookSource): Parameter[] {
  const parameters: Parameter[] = [];
  const advice =
    "its URL holds credentials, which are not printed. Better than to give it as it is: the name of a Git repository of SageMaker with a secret";
  if (hasCredentials(first))
    parameters.push({
      name: "DefaultCodeRepository",
      isSecret: true,
      description: `In the place of ${withoutCredentials(first)}: ${advice}`,
    });
  if (more.some(hasCredentials))
    parameters.push({
      name: "AdditionalCodeRepositories",
      isSecret: true,
      description: `In the place of ${more.map(withoutCredentials).join(", ")}: ${advice}`,
    });
  return parameters;
}
