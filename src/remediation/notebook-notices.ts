import { carriedTags, REPLACES_TAG } from "./notebook-tags.ts";
import { isReserved, ownerNotices } from "./owner.ts";
import type { NotebookSource, Notice, Replacement } from "./plan.ts";
import { isElasticInference, retiredSince, runsOnCurrentPlatforms, upgradesInPlace } from "./platforms.ts";

/** What whoever replaces the instance must know. */
export function notebookNotices(source: NotebookSource, replacement: Replacement): Notice[] {
  return [
    ...ownerNotices(source.tags),
    ...preconditions(source),
    ...losses(source, replacement),
    ...move(source, replacement),
    ...network(source),
    {
      kind: "cost",
      text:
        "Both instances and both volumes are billed while they coexist; a stopped one costs its volume. A NAT gateway " +
        "and interface endpoints are billed by the hour and by what passes them.",
    },
  ];
}

function preconditions(source: NotebookSource): Notice[] {
  const { status, directInternetAccess, platformIdentifier, instanceType } = source;
  const notices: string[] = [];
  if (directInternetAccess === "Disabled")
    notices.push("It has no direct internet access any more: there is nothing to replace.");
  if (status === "Pending" || status === "Updating" || status === "Deleting")
    notices.push(`It is ${status}: wait until it is not.`);
  if (retiredSince(platformIdentifier) !== undefined) notices.push(...ofRetired(source));
  if (!runsOnCurrentPlatforms(instanceType))
    notices.push(`Amazon Linux 2023 does not run on ${instanceType}: choose another instance type.`);
  notices.push("Whoever acts needs iam:PassRole for the instance's role.");
  return notices.map((text) => ({ kind: "precondition", text }));
}

/** AWS starts no stopped instance of a retired platform, so that its data can be out of reach. */
function ofRetired({ status, platformIdentifier }: NotebookSource): string[] {
  if (status !== "Stopped" && status !== "Stopping")
    return [
      `Do not stop it before its data are moved: AWS starts no instance of ${platformIdentifier} again once it has stopped.`,
    ];
  return [
    upgradesInPlace(platformIdentifier)
      ? `It is ${status}, and AWS starts no instance of ${platformIdentifier}: to reach its data, first change its platform ` +
        "(UpdateNotebookInstance with PlatformIdentifier notebook-al2023-v1), then start it."
      : `It is ${status}, and AWS starts no instance of ${platformIdentifier}: only AWS Support can reach its data.`,
  ];
}

function losses(source: NotebookSource, replacement: Replacement): Notice[] {
  const { name, tags, acceleratorTypes, platformIdentifier } = source;
  const notices = [
    `The name: the replacement is called ${replacement.name}, so policies, alarms and scripts that name ${name} or its ARN ` +
      "must be changed, and so must bookmarks and presigned URLs.",
    "All that lies outside of /home/ec2-user/SageMaker (conda environments, packages, files in other folders), running " +
      "kernels, and its network interface with its IP address.",
  ];
  if (tags === undefined)
    notices.push("Its tags: ListTags was refused, nobody knows them, and the replacement gets none of them.");
  const reserved = (tags ?? []).filter(isReserved);
  if (reserved.length > 0)
    notices.push(`Tags that only AWS can set: ${reserved.map(({ key }) => key).join(", ")}.`);
  const { dropped } = carriedTags(source);
  if (dropped.length > 0)
    notices.push(
      `The tag ${dropped.map(({ key }) => key).join(", ")}: an instance takes 50, and ${REPLACES_TAG} is one of them. Put ` +
        `it in that one's place when the old instance is gone.`,
    );
  const inference = acceleratorTypes.filter(isElasticInference);
  if (inference.length > 0)
    notices.push(`Elastic Inference accelerators, which AWS no longer offers: ${inference.join(", ")}.`);
  const since = retiredSince(platformIdentifier);
  if (since !== undefined)
    notices.push(
      `The platform ${platformIdentifier}: AWS takes it for no new instance since ${since}. Try notebooks and lifecycle ` +
        "scripts on the new one (packages come by dnf instead of yum).",
    );
  if (platformIdentifier === undefined)
    notices.push(
      "Perhaps the platform: AWS does not say which one it has, and the replacement gets AWS's default.",
    );
  return notices.map((text) => ({ kind: "lost", text }));
}

/** An instance that has a network already and goes into another one loses what only that one reaches. */
function move(source: NotebookSource, { subnetId, securityGroupIds }: Replacement): Notice[] {
  if (source.subnetId === undefined || source.subnetId === subnetId) return [];
  const from = `${source.subnetId} with ${source.securityGroupIds.join(", ") || "no security group"}`;
  const to = `${subnetId ?? "the subnet that you give"} with ${securityGroupIds?.join(", ") ?? "the security groups that you give"}`;
  const text =
    `It is in ${from}, and its replacement goes to ${to}: databases, file systems and peers that let the old network in ` +
    "must let in the new one.";
  return [{ kind: "network", text }];
}

function network({ region, ipAddressType, lifecycleConfigName, ...source }: NotebookSource): Notice[] {
  const notices = [
    `The subnet needs a route to what the notebooks use: a NAT gateway, or VPC endpoints (sagemaker.api and ` +
      `sagemaker.runtime of ${region}, s3, sts, logs, and what else they call). The security groups must let it out.`,
  ];
  const outside = [
    ...(lifecycleConfigName === undefined ? [] : ["the lifecycle configuration's downloads"]),
    ...(source.defaultCodeRepository !== undefined || source.additionalCodeRepositories.length > 0
      ? ["the Git repositories"]
      : []),
  ];
  if (outside.length > 0)
    notices.push(`Without a route to ${outside.join(" and ")} the replacement fails to start.`);
  if (ipAddressType === "dualstack")
    notices.push("Its addresses are dualstack: the subnet needs an IPv6 range.");
  return notices.map((text) => ({ kind: "network", text }));
}
