import {
  accountOf,
  type HubPolicyFlags,
  type IrsaTrustFlags,
  type OrganizationPolicyFlags,
  type PodIdentityTrustFlags,
  type ScanPolicyFlags,
  type ScanTrustFlags,
} from "../config/iam-options.ts";
import type { PolicyDocument } from "../iam/document.ts";
import { hubPolicy } from "../iam/hub-policy.ts";
import { organizationPolicy } from "../iam/organization-policy.ts";
import { organizationTrust, scanTrust } from "../iam/role-trust.ts";
import { scanPolicy } from "../iam/scan-policy.ts";
import { irsaTrust, oidcProviderArn, podIdentityTrust } from "../iam/service-account-trust.ts";
import { write } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** `awsscan iam …`: documents for IAM, printed as JSON. Nothing here asks AWS. */
export const IAM_POLICIES = {
  scan: ({ partition, account, tags, regionDiscovery }: ScanPolicyFlags) =>
    print(scanPolicy({ partition, account, tags, regions: regionDiscovery })),
  hub: (flags: HubPolicyFlags) => print(hubPolicyOf(flags)),
  organization: (flags: OrganizationPolicyFlags) => print(organizationPolicy(flags)),
};

export const IAM_TRUSTS = {
  scan: ({ hubRoleArn, externalId }: ScanTrustFlags) => print(scanTrust(hubRoleArn, externalId)),
  organization: ({ hubRoleArn }: Pick<ScanTrustFlags, "hubRoleArn">) => print(organizationTrust(hubRoleArn)),
  irsa: ({ audience, serviceAccount, ...provider }: IrsaTrustFlags) =>
    print(irsaTrust({ providerArn: providerArnOf(provider), audience, serviceAccount })),
  podIdentity: ({ clusterArn, serviceAccount }: PodIdentityTrustFlags) =>
    print(podIdentityTrust({ clusterArn, account: accountOf(clusterArn), serviceAccount })),
};

function print(document: PolicyDocument): Promise<void> {
  return write([`${JSON.stringify(document, undefined, 2)}\n`]);
}

function hubPolicyOf({ partition, roleNames = [], roleArns = [], organizationId }: HubPolicyFlags) {
  if (roleNames.length + roleArns.length === 0) {
    throw new UsageError(
      "error: a hub that may assume no role is of no use; give --role-names or --role-arns.",
    );
  }
  const foreign = roleArns.filter((arn) => !arn.startsWith(`arn:${partition}:`));
  if (foreign.length > 0) {
    throw new UsageError(
      `error: ${foreign.join(", ")} is not of the partition ${partition}, and no role is assumed from another; give --partition.`,
    );
  }
  return hubPolicy({ partition, roleNames, roleArns, organizationId });
}

function providerArnOf({
  providerArn,
  issuer,
  account,
  partition,
}: Pick<IrsaTrustFlags, "providerArn" | "issuer" | "account" | "partition">): string {
  if (providerArn !== undefined) {
    const said = Object.entries({ issuer, account, partition }).filter(([, value]) => value !== undefined);
    if (said.length === 0) return providerArn;
    const flags = said.map(([name]) => `--${name}`).join(", ");
    throw new UsageError(`error: ${flags} cannot be combined with --provider-arn, which says it.`);
  }
  if (issuer === undefined || account === undefined) {
    throw new UsageError("error: give --issuer and --account, or --provider-arn.");
  }
  return oidcProviderArn(partition ?? "aws", account, issuer);
}
