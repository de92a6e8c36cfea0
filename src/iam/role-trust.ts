import { type PolicyDocument, policyDocument, type Statement } from "./document.ts";

/**
 * Who may assume the role of a scanned account: the hub's role, and only for whoever tells it the external id, so that
 * nobody who may fill in a scan's spec can have the hub read accounts that are not his.
 *
 * - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html (external ids)
 */
export function scanTrust(hubRoleArn: string, externalId: string): PolicyDocument {
  const hub = assumedBy(hubRoleArn);
  return policyDocument(
    { ...hub, Condition: { StringEquals: { "sts:ExternalId": externalId } } },
    taggedBy(hubRoleArn),
  );
}

/** Who may assume the role that asks AWS Organizations: the hub's role, which gives no external id there. */
export function organizationTrust(hubRoleArn: string): PolicyDocument {
  return policyDocument(assumedBy(hubRoleArn), taggedBy(hubRoleArn));
}

function assumedBy(hubRoleArn: string): Statement {
  return {
    Sid: "HubAssumes",
    Effect: "Allow",
    Principal: { AWS: hubRoleArn },
    Action: ["sts:AssumeRole"],
  };
}

/**
 * For tags that the hub's session brings along from EKS Pod Identity. By itself, it lets nobody in. Without the condition
 * of the other statement, since the action has no `sts:ExternalId`.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 */
function taggedBy(hubRoleArn: string): Statement {
  return {
    Sid: "HubBringsSessionTags",
    Effect: "Allow",
    Principal: { AWS: hubRoleArn },
    Action: ["sts:TagSession"],
  };
}
