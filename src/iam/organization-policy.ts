import { type PolicyDocument, policyDocument } from "./document.ts";

export interface OrganizationPolicyOptions {
  readonly partition: string;
  /** `*` where it is not said. */
  readonly managementAccount: string;
  /** `o-…`, or `o-*` where it is not said. */
  readonly organizationId: string;
}

/**
 * What whoever finds out an organization's accounts may do, in the management account or in one that is delegated
 * administrator.
 *
 * - https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
 * - https://docs.aws.amazon.com/organizations/latest/userguide/orgs_permissions_overview.html
 */
export function organizationPolicy(options: OrganizationPolicyOptions): PolicyDocument {
  const { partition, managementAccount, organizationId } = options;
  const prefix = `arn:${partition}:organizations::${managementAccount}`;
  return policyDocument(
    {
      Sid: "ListAccounts",
      Effect: "Allow",
      Action: ["organizations:ListAccounts"],
      Resource: ["*"],
    },
    {
      Sid: "ListBelowUnits",
      Effect: "Allow",
      Action: ["organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent"],
      Resource: [`${prefix}:root/${organizationId}/r-*`, `${prefix}:ou/${organizationId}/ou-*`],
    },
  );
}
