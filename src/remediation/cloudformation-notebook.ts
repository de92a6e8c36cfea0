import { templateText, type Values } from "./cloudformation-parameters.ts";
import { noticeLines } from "./notice-text.ts";
import type { NotebookPlan, Tag } from "./plan.ts";

/** The replacement as a resource, made where `condition` holds: every setting that CloudFormation has a property for. */
export function notebookResource(
  plan: NotebookPlan,
  values: Values,
  condition: string | undefined,
): Record<string, unknown> {
  const { replacement, source } = plan;
  const metadataVersion = replacement.minimumInstanceMetadataServiceVersion;
  const optional = (text: string | undefined) => (text === undefined ? undefined : values.literal(text));
  return {
    Type: source.type,
    Condition: condition,
    // A stack that fails to come up leaves nothing behind; one that is deleted leaves the volume's data alone.
    DeletionPolicy: "RetainExceptOnCreate",
    UpdateReplacePolicy: "Retain",
    Metadata: { Replaces: templateText(source.arn), Notices: notices(plan) },
    Properties: {
      NotebookInstanceName: values.literal(replacement.name),
      InstanceType: optional(replacement.instanceType) ?? values.needed(plan, "AcceptedInstanceType"),
      RoleArn: values.literal(replacement.roleArn),
      DirectInternetAccess: "Disabled",
      SubnetId: optional(replacement.subnetId) ?? values.needed(plan, "SubnetId"),
      SecurityGroupIds:
        replacement.securityGroupIds?.map(values.literal) ?? values.needed(plan, "SecurityGroupIds"),
      PlatformIdentifier:
        optional(replacement.platformIdentifier) ?? values.declared(plan, "AcceptedPlatformIdentifier"),
      VolumeSizeInGB: replacement.volumeSizeInGB,
      KmsKeyId: optional(replacement.kmsKeyId),
      LifecycleConfigName: optional(replacement.lifecycleConfigName),
      RootAccess: optional(replacement.rootAccess),
      InstanceMetadataServiceConfiguration:
        metadataVersion === undefined
          ? undefined
          : { MinimumInstanceMetadataServiceVersion: values.literal(metadataVersion) },
      AcceleratorTypes: unlessEmpty(values.literals(replacement.acceleratorTypes)),
      DefaultCodeRepository:
        optional(replacement.defaultCodeRepository) ?? values.declared(plan, "DefaultCodeRepository"),
      AdditionalCodeRepositories:
        replacement.additionalCodeRepositories === undefined
          ? values.needed(plan, "AdditionalCodeRepositories")
          : unlessEmpty(values.literals(replacement.additionalCodeRepositories)),
      Tags: tagList(replacement.tags, values),
    },
  };
}

/** CloudFormation's resource type has no IpAddressType, unlike CreateNotebookInstance. */
function notices(plan: NotebookPlan): string[] {
  const { ipAddressType } = plan.replacement;
  const lines = noticeLines(plan).map(templateText);
  if (ipAddressType === undefined || ipAddressType === "ipv4") return lines;
  const text = `Not carried over: the address type ${ipAddressType}, which CloudFormation cannot set. The CLI form of this plan can.`;
  return [...lines, templateText(text)];
}

/** `Tags` without what AWS reserves for itself; undefined where none is left. */
export function tagList(tags: readonly Tag[], values: Values) {
  const own = tags.filter(({ key }) => !/^aws:/i.test(key));
  return unlessEmpty(
    own.map(({ key, value }) => ({ Key: values.literal(key), Value: values.literal(value) })),
  );
}

/** CloudFormation takes an empty list for a setting, so none is written where there is none. */
export function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
