import type { PlanOptions } from "../../config/plan-options.ts";
import type { DomainSource, NotebookSource, PlanChoices, RemediationSource } from "../../remediation/plan.ts";
import { NOTEBOOK_INSTANCE } from "../../rules/resource.ts";

type Flags = Pick<PlanOptions, "subnet" | "securityGroup" | "replacementName" | "platform">;

/**
 * What the flags and a manifest's `network` choose for `source`. A subnet and security groups are of one VPC: groups of a
 * manifest go with its subnet alone. `isAlone`: nothing else is planned for, so that the flags can only mean this.
 */
export function choicesFor(
  source: RemediationSource,
  flags: Flags,
  network: PlanChoices,
  isAlone: boolean,
): PlanChoices {
  return source.type === NOTEBOOK_INSTANCE
    ? ofNotebook(source, flags, network)
    : ofDomain(source, flags, network, isAlone);
}

/** A manifest says where instances without a VPC go; what has one stays, unless a flag moves it. */
function ofNotebook(source: NotebookSource, flags: Flags, network: PlanChoices): PlanChoices {
  const { subnet, securityGroup, replacementName, platform: platformIdentifier } = flags;
  const given = source.subnetId === undefined ? network : {};
  const isManifests = subnet === undefined || subnet === given.subnetId;
  return {
    replacementName,
    platformIdentifier,
    subnetId: subnet ?? given.subnetId,
    securityGroupIds: securityGroup ?? (isManifests ? given.securityGroupIds : undefined),
  };
}

/** Networks are named for replacements: a domain takes groups that are known to be of its VPC, or meant for it alone. */
function ofDomain(
  { subnetIds }: DomainSource,
  { subnet, securityGroup }: Flags,
  network: PlanChoices,
  isAlone: boolean,
): PlanChoices {
  const isItsOwn = (id: string | undefined) => id !== undefined && subnetIds.includes(id);
  if (securityGroup !== undefined && (isAlone || isItsOwn(subnet)))
    return { subnetId: subnet, securityGroupIds: securityGroup };
  if (isItsOwn(network.subnetId)) return network;
  return isAlone ? { subnetId: subnet } : {};
}
