import { type PolicyDocument, policyDocument } from "./document.ts";

export interface HubPolicyOptions {
  readonly partition: string;
  /** Names of roles, with their paths, that may be assumed in every account. */
  readonly roleNames: readonly string[];
  /** ARNs of roles that may be assumed besides, such as the one that may ask AWS Organizations. */
  readonly roleArns: readonly string[];
  /** `o-…`: only where the role's account belongs to this organization. */
  readonly organizationId?: string | undefined;
}

/**
 * What the role may do that the operator runs as: become the scan roles, which decide by their own trust whether it may.
 *
 * `sts:TagSession` is asked for as well where the hub's session came from EKS Pod Identity, whose tags are transitive:
 * they go along into every role that is assumed. Roles that lack it work with IRSA and break on the day of a change.
 *
 * - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html
 * - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
 * - https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 * - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceorgid
 */
export function hubPolicy(options: HubPolicyOptions): PolicyDocument {
  const { partition, roleNames, roleArns, organizationId } = options;
  return policyDocument({
    Sid: "AssumeScanRoles",
    Effect: "Allow",
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Resource: [...roleNames.map((name) => `arn:${partition}:iam::*:role/${name}`), ...roleArns],
    ...(organizationId !== undefined && {
      Condition: { StringEquals: { "aws:ResourceOrgID": organizationId } },
    }),
  });
}
