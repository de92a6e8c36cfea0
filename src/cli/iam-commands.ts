import type { Command } from "commander";
import {
  addHubPolicyOptions,
  addHubRoleOption,
  addIrsaTrustOptions,
  addOrganizationPolicyOptions,
  addPodIdentityTrustOptions,
  addScanPolicyOptions,
  addScanTrustOptions,
} from "../config/iam-options.ts";

const HELP = `
Examples:
  awsscan iam policy scan
  awsscan iam policy hub --role-names AccountScan --organization-id o-a1b2c3d4e5
  awsscan iam trust scan --hub-role-arn arn:aws:iam::111122223333:role/AccountScanHub --external-id acme-7f3a9c
  awsscan iam trust irsa --issuer https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE --account 111122223333 \\
    --service-account aws-account-scan-system/aws-account-scan-operator`;

/** Adds `iam policy …` and `iam trust …`. What they do is loaded when they run. */
export function addIamCommands(program: Command): void {
  const iam = program
    .command("iam")
    .description("Print IAM policies and trust policies of the roles that scans need. Asks AWS nothing.")
    .addHelpText("after", HELP);
  addPolicies(iam.command("policy").description("Print what a role needs to be allowed, as JSON."));
  addTrusts(iam.command("trust").description("Print who may assume a role, as JSON."));
}

function addPolicies(policy: Command): void {
  addScanPolicyOptions(
    policy.command("scan").description("The role of an account that is scanned: it reads, and no more."),
  ).action(async (flags) => (await import("./iam.ts")).IAM_POLICIES.scan(flags));
  addHubPolicyOptions(
    policy.command("hub").description("The role that the operator runs as: it assumes the others."),
  ).action(async (flags) => (await import("./iam.ts")).IAM_POLICIES.hub(flags));
  addOrganizationPolicyOptions(
    policy
      .command("organization")
      .description("Whoever finds out the accounts of an organization, beside what it may do already."),
  ).action(async (flags) => (await import("./iam.ts")).IAM_POLICIES.organization(flags));
}

function addTrusts(trust: Command): void {
  addScanTrustOptions(
    trust.command("scan").description("The role of an account that is scanned trusts the hub's role."),
  ).action(async (flags) => (await import("./iam.ts")).IAM_TRUSTS.scan(flags));
  addHubRoleOption(
    trust.command("organization").description("The role that asks AWS Organizations trusts the hub's role."),
  ).action(async (flags) => (await import("./iam.ts")).IAM_TRUSTS.organization(flags));
  addIrsaTrustOptions(
    trust
      .command("irsa")
      .description("A role trusts a ServiceAccount by its token: IRSA, or a cluster anywhere."),
  ).action(async (flags) => (await import("./iam.ts")).IAM_TRUSTS.irsa(flags));
  addPodIdentityTrustOptions(
    trust.command("pod-identity").description("A role trusts a ServiceAccount by EKS Pod Identity."),
  ).action(async (flags) => (await import("./iam.ts")).IAM_TRUSTS.podIdentity(flags));
}
