import { type PolicyDocument, policyDocument } from "./document.ts";

/** A ServiceAccount of a cluster: the operator's own, or a tenant's. */
export interface ServiceAccountRef {
  readonly namespace: string;
  readonly name: string;
}

export interface IrsaTrustOptions {
  /** Of the OIDC provider in the role's account; see {@link oidcProviderArn}. */
  readonly providerArn: string;
  /** Whose tokens are taken: the operator's `--token-audience`, `sts.amazonaws.com` by default. */
  readonly audience: string;
  readonly serviceAccount: ServiceAccountRef;
}

/**
 * Who may assume a role by IRSA, or by the tokens of any cluster whose issuer the account knows: one ServiceAccount.
 *
 * - https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
 * - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
 */
export function irsaTrust({ providerArn, audience, serviceAccount }: IrsaTrustOptions): PolicyDocument {
  const issuer = providerArn.slice(providerArn.indexOf("/") + 1);
  const { namespace, name } = serviceAccount;
  return policyDocument({
    Sid: "ServiceAccountByItsToken",
    Effect: "Allow",
    Principal: { Federated: providerArn },
    Action: ["sts:AssumeRoleWithWebIdentity"],
    Condition: {
      StringEquals: {
        [`${issuer}:aud`]: audience,
        [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${name}`,
      },
    },
  });
}

/**
 * The ARN that IAM gives an OIDC provider: its issuer without the scheme, and otherwise as tokens have it, a slash at its
 * end included.
 */
export function oidcProviderArn(partition: string, account: string, issuer: string): string {
  return `arn:${partition}:iam::${account}:oidc-provider/${issuer.replace(/^https:\/\//, "")}`;
}

export interface PodIdentityTrustOptions {
  /** The role must be in the account of the cluster. */
  readonly clusterArn: string;
  readonly account: string;
  readonly serviceAccount: ServiceAccountRef;
}

/**
 * Who may assume a role by EKS Pod Identity: one ServiceAccount of one cluster. EKS says which one by session tags, so the
 * association must not have `disableSessionTags`. The cluster is told by its tag, which the user guide documents, not by
 * `aws:SourceArn`, whose value it does not.
 *
 * - https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 * - https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html (the tags)
 */
export function podIdentityTrust(options: PodIdentityTrustOptions): PolicyDocument {
  const { clusterArn, account, serviceAccount } = options;
  return policyDocument({
    Sid: "ServiceAccountByPodIdentity",
    Effect: "Allow",
    Principal: { Service: "pods.eks.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: {
      StringEquals: {
        "aws:SourceAccount": account,
        "aws:RequestTag/eks-cluster-arn": clusterArn,
        "aws:RequestTag/kubernetes-namespace": serviceAccount.namespace,
        "aws:RequestTag/kubernetes-service-account": serviceAccount.name,
      },
    },
  });
}
