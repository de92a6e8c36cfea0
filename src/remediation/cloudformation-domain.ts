import { tagList, unlessEmpty } from "./cloudformation-notebook.ts";
import { templateText, type Values } from "./cloudformation-parameters.ts";
import { noticeLines } from "./notice-text.ts";
import type { DomainPlan } from "./plan.ts";

/** True in the update that follows the import; false while a change set of type IMPORT is made. */
export const REMEDIATE = "Remediate";

/**
 * The domain as it is, for an import, and with another access type afterwards. An import takes the template's word for
 * the resource's state and changes nothing: a template that says VpcOnly at once would leave the domain public and the
 * stack content. `AppNetworkAccessType` is no create-only property of the type, so that the update keeps the domain.
 */
export function domainResource(plan: DomainPlan, logicalId: string, values: Values): Record<string, unknown> {
  const { source, update } = plan;
  const unread = (what: string) =>
    values.parameter(`${logicalId}${what}`, {
      Type: "String",
      Description: `${what} of the domain ${source.name} as it is now: it could not be read.`,
    });
  const known = (text: string | undefined, what: string) =>
    text === undefined ? unread(what) : values.literal(text);
  /** What the domain lacks now and needs from the update on. */
  const added = (value: unknown) => ({ "Fn::If": [REMEDIATE, value, { Ref: "AWS::NoValue" }] });
  return {
    Type: source.type,
    DeletionPolicy: "Retain",
    UpdateReplacePolicy: "Retain",
    Metadata: { Changes: templateText(source.arn), Notices: noticeLines(plan).map(templateText) },
    Properties: {
      DomainName: values.literal(source.name),
      AuthMode: known(source.authMode, "AuthMode"),
      VpcId: source.vpcId === undefined ? added(values.needed(plan, "VpcId")) : values.literal(source.vpcId),
      SubnetIds:
        unlessEmpty(values.literals(source.subnetIds)) ??
        added(update.subnetIds?.map(values.literal) ?? values.needed(plan, "SubnetIds")),
      AppNetworkAccessType: {
        "Fn::If": [REMEDIATE, "VpcOnly", values.literal(source.appNetworkAccessType ?? "PublicInternetOnly")],
      },
      AppSecurityGroupManagement:
        source.appSecurityGroupManagement === undefined
          ? undefined
          : values.literal(source.appSecurityGroupManagement),
      DefaultUserSettings: {
        ExecutionRole: known(source.executionRoleArn, "ExecutionRole"),
        SecurityGroups:
          unlessEmpty(values.literals(source.defaultSecurityGroupIds)) ??
          added(update.securityGroupIds?.map(values.literal) ?? values.needed(plan, "SecurityGroupIds")),
      },
      Tags: tagList(source.tags ?? [], values),
    },
  };
}
