import { type Item, list, quote } from "./hcl.ts";
import { noticeLines, plainText } from "./notice-text.ts";
import { isOwned } from "./owner.ts";
import type { DomainPlan } from "./plan.ts";
import type { Variables } from "./terraform-variables.ts";

/**
 * What an import reads of a domain and this file does not say. Without it Terraform would take all that away, and
 * replace the domain for its key: `kms_key_id` and `retention_policy` cannot change in place.
 */
const LEFT_ALONE = [
  "app_security_group_management",
  "default_space_settings",
  "default_user_settings",
  "domain_settings",
  "kms_key_id",
  "retention_policy",
  "tag_propagation",
  "tags",
  "tags_all",
];

/** The domain, imported and changed in one setting; in place since version 5.73 of the provider. */
export function domainItems(plan: DomainPlan, name: string, variables: Variables): Item[] {
  const { source, update } = plan;
  const notices = noticeLines(plan).map((comment) => ({ comment }));
  const reason = plan.impossible ?? ownedReason(plan) ?? beyondTerraform(plan);
  if (reason !== undefined)
    return [
      { comment: `Not changed here: ${plainText(source.arn)}` },
      { comment: plainText(reason) },
      ...notices,
    ];

  const known = (text: string | undefined, what: string) =>
    text === undefined ? variables.ofDomain(name, what) : quote(text);
  return [
    { comment: `Imports ${plainText(source.arn)} and changes its app network access type.` },
    ...notices,
    {
      block: "import",
      items: [
        { name: "to", value: `aws_sagemaker_domain.${name}` },
        { name: "id", value: quote(source.id) },
      ],
    },
    {
      block: `resource "aws_sagemaker_domain" ${quote(name)}`,
      items: [
        { name: "domain_name", value: quote(source.name) },
        { name: "app_network_access_type", value: quote("VpcOnly") },
        { name: "auth_mode", value: known(source.authMode, "auth_mode") },
        { name: "vpc_id", value: known(update.vpcId, "vpc_id") },
        { name: "subnet_ids", value: update.subnetIds ? list(update.subnetIds) : variables.subnetIds(plan) },
        {
          block: "default_user_settings",
          items: [{ name: "execution_role", value: known(source.executionRoleArn, "execution_role") }],
        },
        {
          block: "lifecycle",
          items: [
            { comment: "A plan that would replace the domain is refused." },
            { name: "prevent_destroy", value: "true" },
            {
              comment:
                "Terraform leaves the other settings to others; compare describe-domain before and after.",
            },
            { name: "ignore_changes", value: `[${LEFT_ALONE.join(", ")}]` },
          ],
        },
      ],
    },
  ];
}

/** Two tools that manage one domain undo each other's changes. */
function ownedReason({ source }: DomainPlan): string | undefined {
  if (!isOwned(source)) return undefined;
  return "A stack or a product owns the domain: Terraform would change it behind its back. Make the change there.";
}

/** Why no configuration can do it, though AWS can. */
function beyondTerraform({ source, update }: DomainPlan): string | undefined {
  if (source.vpcId === undefined)
    return "The domain has no VPC, and the provider would replace a domain to give it one. The CLI form of this plan keeps it.";
  if (update.securityGroupIds?.length !== 0)
    return (
      "VpcOnly requires security groups in the default user settings, and the domain has none. Terraform sets them only " +
      "with all other default user settings, which would be lost. The CLI form of this plan keeps them."
    );
  return undefined;
}
