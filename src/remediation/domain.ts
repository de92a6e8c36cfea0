import { ownerNotices } from "./owner.ts";
import type { DomainPlan, DomainSource, DomainUpdate, Notice, Parameter, PlanChoices } from "./plan.ts";

/** How to make the domain VpcOnly. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateDomain.html */
export function planDomain(source: DomainSource, choices: PlanChoices): DomainPlan {
  const impossible = reasonAgainst(source);
  const update = updateOf(source, choices);
  return {
    kind: "UpdateDomain",
    source,
    impossible,
    update,
    parameters: impossible === undefined ? parametersOf(source, update) : [],
    notices: noticesOf(source, update),
  };
}

function reasonAgainst({ rStudioExecutionRoleArn, status }: DomainSource): string | undefined {
  if (rStudioExecutionRoleArn !== undefined)
    return (
      "AWS does not let the network access type of a domain with RStudio change (DomainExecutionRoleArn is set). Create " +
      "another domain with VpcOnly and AppSecurityGroupManagement Service, move users and data there, delete this one."
    );
  if (status === "Deleting" || status === "Delete_Failed" || status === "Failed")
    return `The domain is ${status}: it cannot be updated. Delete it, and create another with VpcOnly where it is needed.`;
  return undefined;
}

function updateOf(source: DomainSource, choices: PlanChoices): DomainUpdate {
  const chosen = choices.subnetId === undefined ? undefined : [choices.subnetId];
  const groups = choices.securityGroupIds?.length ? choices.securityGroupIds : undefined;
  return {
    vpcId: source.vpcId,
    subnetIds: source.subnetIds.length > 0 ? source.subnetIds : chosen,
    securityGroupIds: source.defaultSecurityGroupIds.length > 0 ? [] : groups,
  };
}

/** Named after the domain's VPC, or the domain where it has none: one run of the plans may be about several. */
function parametersOf(
  { id }: DomainSource,
  { vpcId, subnetIds, securityGroupIds }: DomainUpdate,
): Parameter[] {
  const parameters: Parameter[] = [];
  const of = vpcId ?? id;
  const network = vpcId ?? `the VPC of the domain ${id}`;
  if (vpcId === undefined)
    parameters.push({
      name: "VpcId",
      of,
      description: `The VPC that the domain ${id}, which has none, is to use`,
    });
  if (subnetIds === undefined)
    parameters.push({
      name: "SubnetIds",
      of,
      description: `Subnets of ${network}`,
    });
  if (securityGroupIds === undefined)
    parameters.push({
      name: "SecurityGroupIds",
      of,
      description: `Security groups of ${network} for the users' apps, which VpcOnly requires and the domain lacks`,
    });
  return parameters;
}

function noticesOf(source: DomainSource, update: DomainUpdate): Notice[] {
  const { region, appSecurityGroupManagement, appNetworkAccessType } = source;
  const preconditions = [
    "No app of the domain may be InService, Pending or Deleting: its users save their work, then the apps are deleted.",
  ];
  if (appNetworkAccessType === "VpcOnly")
    preconditions.unshift("It is VpcOnly already: there is nothing to change.");
  if (update.securityGroupIds === undefined || update.securityGroupIds.length > 0)
    preconditions.push(
      "VpcOnly requires security groups in the default user settings, and the domain has none: they are set along with it. " +
        "They must let their members reach each other (NFS, and the ports of kernels).",
    );
  const chosen = update.securityGroupIds ?? [];
  if (chosen.length > 0)
    preconditions.push(
      `The security groups ${chosen.join(", ")}, which you named, become those of the default user settings: they must be ` +
        `of ${update.vpcId ?? "the domain's VPC"}, which nothing has checked.`,
    );
  if (appSecurityGroupManagement !== undefined)
    preconditions.push(
      `AppSecurityGroupManagement stays ${appSecurityGroupManagement}: the plan does not set it.`,
    );
  return [
    ...ownerNotices(source.tags),
    ...preconditions.map((text): Notice => ({ kind: "precondition", text })),
    {
      kind: "lost",
      text: "What runs: kernels, terminals and unsaved work of the apps that are deleted. Files in home folders and spaces stay.",
    },
    {
      kind: "network",
      text:
        `All traffic of the apps then goes through the domain's subnets: they need a NAT gateway, or VPC endpoints ` +
        `(sagemaker.api, sagemaker.runtime and studio of ${region}, s3, sts, logs, ecr.api, ecr.dkr), and free addresses.`,
    },
    {
      kind: "cost",
      text: "A NAT gateway and interface endpoints are billed by the hour and by what passes them.",
    },
  ];
}
