import { type Command, Option } from "commander";
import { parseArn } from "../api/arn.ts";
import type { ServiceAccountRef } from "../iam/service-account-trust.ts";
import { list, oneLine } from "./values.ts";

/** Options of `awsscan iam policy scan`. */
export interface ScanPolicyFlags {
  readonly partition: string;
  readonly account: string;
  readonly tags: boolean;
  readonly regionDiscovery: boolean;
}

/** Options of `awsscan iam policy hub`. */
export interface HubPolicyFlags {
  readonly partition: string;
  readonly roleNames?: readonly string[];
  readonly roleArns?: readonly string[];
  readonly organizationId?: string;
}

/** Options of `awsscan iam policy organization`. */
export interface OrganizationPolicyFlags {
  readonly partition: string;
  readonly managementAccount: string;
  readonly organizationId: string;
}

/** Options of `awsscan iam trust scan`; that of `organization` has no external id. */
export interface ScanTrustFlags {
  readonly hubRoleArn: string;
  readonly externalId: string;
}

/** Options of `awsscan iam trust irsa`. */
export interface IrsaTrustFlags {
  readonly partition?: string;
  readonly account?: string;
  readonly issuer?: string;
  readonly providerArn?: string;
  readonly audience: string;
  readonly serviceAccount: ServiceAccountRef;
}

/** Options of `awsscan iam trust pod-identity`. */
export interface PodIdentityTrustFlags {
  readonly clusterArn: string;
  readonly serviceAccount: ServiceAccountRef;
}

const PARTITIONS = ["aws", "aws-us-gov", "aws-cn"] as const;
const ARN_PARTITION = `arn:(?:${PARTITIONS.join("|")})`;

const ACCOUNT_HINT = "an account id of 12 digits such as 123456789012";
const accountId = oneLine(/^\d{12}$/, ACCOUNT_HINT);

/** IAM's own alphabet of names and paths, and no `*`: a wildcard would let the hub be whoever has a like name. */
const ROLE_NAME = /^(?!\/)(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/;
const ROLE_ARN = new RegExp(`^${ARN_PARTITION}:iam::\\d{12}:role/(?:[\\w+=,.@-]+/)*[\\w+=,.@-]{1,64}$`);
const CLUSTER_ARN = new RegExp(`^${ARN_PARTITION}:eks:[a-z0-9-]+:\\d{12}:cluster/[A-Za-z0-9][\\w-]{0,99}$`);

/** Host and path; IAM wants no port, query or fragment. */
const ISSUER = /^(?:https:\/\/)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:\/[\w.~%-]+)*\/?$/;
const PROVIDER_ARN = new RegExp(
  `^${ARN_PARTITION}:iam::\\d{12}:oidc-provider/[a-z0-9.-]+(?:/[\\w.~%-]+)*/?$`,
);

const ORGANIZATION = oneLine(/^o-[a-z0-9]{10,32}$/, "the id of an organization such as o-a1b2c3d4e5");

export function addScanPolicyOptions(command: Command): Command {
  return addPartition(command)
    .addOption(
      new Option("--account <id>", "the account of the role; without, the policy fits in every account")
        .argParser(accountId)
        .default("*", "every account"),
    )
    .option("--no-tags", "without sagemaker:ListTags, where no exemption goes by tags")
    .option("--no-region-discovery", "without ec2:DescribeRegions, where every scan names its regions");
}

export function addHubPolicyOptions(command: Command): Command {
  return addPartition(command)
    .addOption(
      new Option(
        "--role-names <names>",
        "names of the roles that may be assumed, in every account; several by comma",
      ).argParser(
        list(ROLE_NAME, "the name of a role, with its path and without arn:, such as compliance/Scan"),
      ),
    )
    .addOption(
      new Option(
        "--role-arns <arns>",
        "ARNs of roles that may be assumed besides, such as that of the organization; several by comma",
      ).argParser(
        list(ROLE_ARN, "the ARN of a role such as arn:aws:iam::123456789012:role/OrganizationReader"),
      ),
    )
    .addOption(
      new Option("--organization-id <id>", "only roles of accounts of this organization").argParser(
        ORGANIZATION,
      ),
    );
}

export function addOrganizationPolicyOptions(command: Command): Command {
  return addPartition(command)
    .addOption(
      new Option("--management-account <id>", "the organization's management account")
        .argParser(accountId)
        .default("*", "any"),
    )
    .addOption(
      new Option("--organization-id <id>", "the organization").argParser(ORGANIZATION).default("o-*", "any"),
    );
}

export function addHubRoleOption(command: Command): Command {
  return command.addOption(
    new Option("--hub-role-arn <arn>", "the role that the operator runs as")
      .argParser(oneLine(ROLE_ARN, "the ARN of a role such as arn:aws:iam::123456789012:role/AccountScanHub"))
      .makeOptionMandatory(),
  );
}

export function addScanTrustOptions(command: Command): Command {
  return addHubRoleOption(command).addOption(
    new Option("--external-id <id>", "what scans give as externalId; no secret, but hard to guess")
      .argParser(oneLine(/^[\w+=,.@:/-]{2,1224}$/, "2 to 1224 letters, digits and _+=,.@:/-"))
      .makeOptionMandatory(),
  );
}

export function addIrsaTrustOptions(command: Command): Command {
  command
    .addOption(
      new Option("--issuer <url>", "the cluster's OIDC issuer, with --account; or --provider-arn").argParser(
        oneLine(
          ISSUER,
          "an issuer such as https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE, with https:// or without",
        ),
      ),
    )
    .addOption(
      new Option("--account <id>", "the account of the role, where the issuer is an OIDC provider").argParser(
        accountId,
      ),
    )
    .addOption(new Option("--partition <partition>", "of the account (default: aws)").choices(PARTITIONS))
    .addOption(
      new Option("--provider-arn <arn>", "the OIDC provider in the role's account").argParser(
        oneLine(
          PROVIDER_ARN,
          "the ARN of an OIDC provider such as arn:aws:iam::123456789012:oidc-provider/oidc.example.com",
        ),
      ),
    )
    .addOption(
      new Option("--audience <audience>", "of the tokens: the operator's --token-audience")
        .argParser(oneLine(/^[\w.:/-]{1,255}$/, "an audience of letters, digits and ._:/-"))
        .default("sts.amazonaws.com"),
    );
  return addServiceAccount(command);
}

export function addPodIdentityTrustOptions(command: Command): Command {
  command.addOption(
    new Option("--cluster-arn <arn>", "the EKS cluster, in the account of the role")
      .argParser(
        oneLine(CLUSTER_ARN, "the ARN of a cluster such as arn:aws:eks:eu-west-1:123456789012:cluster/prod"),
      )
      .makeOptionMandatory(),
  );
  return addServiceAccount(command);
}

/** The account that an ARN of one of the options above names. */
export function accountOf(arn: string): string {
  return parseArn(arn)?.account ?? "";
}

function addPartition(command: Command): Command {
  return command.addOption(
    new Option("--partition <partition>", "of the accounts").choices(PARTITIONS).default("aws"),
  );
}

/** Names as Kubernetes takes them: a namespace is a label, a ServiceAccount a subdomain. */
const SERVICE_ACCOUNT = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\/[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

function addServiceAccount(command: Command): Command {
  const parse = oneLine(SERVICE_ACCOUNT, "namespace/name of one ServiceAccount");
  return command.addOption(
    new Option("--service-account <namespace/name>", "whose tokens or pods may assume the role")
      .argParser((text): ServiceAccountRef => {
        const [namespace = "", name = ""] = parse(text).split("/");
        return { namespace, name };
      })
      .makeOptionMandatory(),
  );
}
