import { type Expression, type Item, list, quote } from "./hcl.ts";
import { noticeLines, plainText } from "./notice-text.ts";
import type { NotebookPlan } from "./plan.ts";
import type { Variables } from "./terraform-variables.ts";

/** The replacement: every setting that the provider has an argument for. */
export function notebookItems(plan: NotebookPlan, name: string, variables: Variables): Item[] {
  const { replacement, source } = plan;
  const text = (value: string | undefined) => (value === undefined ? undefined : quote(value));
  const texts = (values: readonly string[]) => (values.length === 0 ? undefined : list(values));
  const settings: readonly (readonly [string, Expression | undefined])[] = [
    ["name", quote(replacement.name)],
    ["instance_type", text(replacement.instanceType) ?? variables.instanceType(plan)],
    ["role_arn", quote(replacement.roleArn)],
    ["direct_internet_access", quote("Disabled")],
    ["subnet_id", text(replacement.subnetId) ?? variables.subnetId(plan)],
    [
      "security_groups",
      replacement.securityGroupIds ? list(replacement.securityGroupIds) : variables.securityGroupIds(plan),
    ],
    ["platform_identifier", text(replacement.platformIdentifier) ?? variables.platformIdentifier(plan)],
    ["volume_size", replacement.volumeSizeInGB?.toString()],
    ["kms_key_id", text(replacement.kmsKeyId)],
    ["lifecycle_config_name", text(replacement.lifecycleConfigName)],
    ["root_access", text(replacement.rootAccess)],
    [
      "default_code_repository",
      text(replacement.defaultCodeRepository) ?? variables.repository(plan, "DefaultCodeRepository"),
    ],
    [
      "additional_code_repositories",
      replacement.additionalCodeRepositories === undefined
        ? variables.repository(plan, "AdditionalCodeRepositories")
        : texts(replacement.additionalCodeRepositories),
    ],
    ["tags", tagMap(plan)],
  ];
  const metadataVersion = text(replacement.minimumInstanceMetadataServiceVersion);
  return [
    { comment: `Replaces ${plainText(source.arn)}` },
    ...[...noticeLines(plan), ...inexpressible(plan)].map((comment) => ({ comment })),
    {
      block: `resource "aws_sagemaker_notebook_instance" ${quote(name)}`,
      items: [
        ...settings.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
        ...(metadataVersion === undefined
          ? []
          : [
              {
                block: "instance_metadata_service_configuration",
                items: [{ name: "minimum_instance_metadata_service_version", value: metadataVersion }],
              },
            ]),
        {
          block: "lifecycle",
          items: [
            { comment: "What lies on its volume is nowhere else." },
            { name: "prevent_destroy", value: "true" },
          ],
        },
      ],
    },
  ];
}

function tagMap({ replacement }: NotebookPlan): Expression | undefined {
  const own = replacement.tags.filter(({ key }) => !/^aws:/i.test(key));
  return own.length === 0
    ? undefined
    : { object: own.map(({ key, value }) => [quote(key), quote(value)] as const) };
}

/** Settings of CreateNotebookInstance that version 6 of the provider has no argument for. */
function inexpressible({ replacement: { ipAddressType, acceleratorTypes } }: NotebookPlan): string[] {
  const lines: string[] = [];
  if (ipAddressType !== undefined && ipAddressType !== "ipv4")
    lines.push(
      `Not carried over: the address type ${ipAddressType}, which the provider cannot set. The CLI form of this plan can.`,
    );
  if (acceleratorTypes.length > 0)
    lines.push(
      `Not carried over: the accelerators ${acceleratorTypes.join(", ")}, which the provider cannot set.`,
    );
  return lines.map(plainText);
}
