import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  BARE,
  domainPlan,
  FULL,
  HOSTILE,
  hostilePlans,
  notebookPlan,
  PLACE,
  RETIRED,
  RSTUDIO,
} from "../../test/support/remediation-plans.ts";
import { cloudFormationJson, cloudFormationYaml } from "./cloudformation.ts";
import type { RemediationPlan } from "./plan.ts";

interface Template {
  Description: string;
  Metadata: { Remediation: Record<string, unknown> };
  Parameters?: Record<string, { Type: string; Description: string }>;
  Conditions?: Record<string, unknown>;
  Resources: Record<string, Record<string, unknown> & { Properties: Record<string, unknown> }>;
}

const templateOf = (...plans: RemediationPlan[]) => JSON.parse(cloudFormationJson(plans, PLACE)) as Template;
const notebookIn = (template: Template) => Object.values(template.Resources)[0]?.Properties ?? {};

const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...HOSTILE));

describe("a notebook instance's template", () => {
  it("says Disabled, and takes every setting over", () => {
    const [id] = Object.keys(templateOf(FULL).Resources);
    expect(id).toBe("NotebookFraudModelsVpc");
    expect(notebookIn(templateOf(FULL))).toEqual({
      NotebookInstanceName: "Fraud-Models-vpc",
      InstanceType: "ml.m5.xlarge",
      RoleArn: FULL.replacement.roleArn,
      DirectInternetAccess: "Disabled",
      SubnetId: "subnet-0a1b2c3d4e5f60718",
      SecurityGroupIds: ["sg-0a1b2c3d4e5f60718", "sg-1a1b2c3d4e5f60718"],
      PlatformIdentifier: "notebook-al2023-v1",
      VolumeSizeInGB: 200,
      KmsKeyId: FULL.replacement.kmsKeyId,
      LifecycleConfigName: "install-drivers",
      RootAccess: "Disabled",
      InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: "2" },
      DefaultCodeRepository: "https://git.example.com/fraud/models.git",
      AdditionalCodeRepositories: ["shared-library", "https://git.example.com/fraud/data.git"],
      Tags: FULL.replacement.tags.map(({ key, value }) => ({ Key: key, Value: value })),
    });
    expect(templateOf(FULL).Parameters).toBeUndefined();
  });

  it("asks for what nobody knows, once for all instances", () => {
    const template = templateOf(notebookPlan(), RETIRED);
    expect(Object.entries(template.Parameters ?? {}).map(([name, { Type }]) => [name, Type])).toEqual([
      ["SubnetId", "AWS::EC2::Subnet::Id"],
      ["SecurityGroupIds", "List<AWS::EC2::SecurityGroup::Id>"],
      ["AcceptedPlatformIdentifier", "String"],
    ]);
    expect(notebookIn(template)).toMatchObject({
      SubnetId: { Ref: "SubnetId" },
      SecurityGroupIds: { Ref: "SecurityGroupIds" },
    });
  });

  it("asks twice for what differs", () => {
    const other = { ...RETIRED, parameters: [{ name: "SubnetId", description: "Another VPC's." } as const] };
    expect(Object.keys(templateOf(notebookPlan(), other).Parameters ?? {})).toEqual([
      "SubnetId",
      "SecurityGroupIds",
      "SubnetId2",
      "SecurityGroupIds2",
    ]);
  });

  it("tells apart names that come to the same", () => {
    const plans = ["a-b", "a--b", "A-B2"].map((name) => notebookPlan({ name }));
    expect(Object.keys(templateOf(...plans).Resources)).toEqual([
      "NotebookAB",
      "NotebookAB2",
      "NotebookAB22",
    ]);
  });

  it("says that the address type is lost where it is not the default", () => {
    const dualstack = Object.values(templateOf(FULL).Resources)[0]?.["Metadata"];
    expect(JSON.stringify(dualstack)).toContain("dualstack");
    const ipv4 = templateOf(notebookPlan({ ipAddressType: "ipv4" }));
    expect(JSON.stringify(ipv4)).not.toContain("address type");
  });

  it("leaves out the tags that AWS keeps for itself", () => {
    const tags = [
      { key: "aws:cloudformation:stack-name", value: "x" },
      { key: "AWS:x", value: "y" },
    ];
    expect(notebookIn(templateOf(notebookPlan({ tags })))).not.toHaveProperty("Tags");
  });

  it("says where to split what a stack cannot hold", () => {
    const plans = Array.from({ length: 501 }, (_, index) => notebookPlan({ name: `n${index}` }));
    expect(String(templateOf(...plans).Metadata.Remediation["Steps"])).toContain("Split this template");
  });
});

describe("a domain's template", () => {
  it("imports the domain as it is, and changes the access type in the update after it", () => {
    const { Resources, Conditions, Parameters, Metadata } = templateOf(domainPlan());
    expect(Resources["DomainResearch"]).toMatchObject({
      DeletionPolicy: "Retain",
      Properties: { AppNetworkAccessType: { "Fn::If": ["Remediate", "VpcOnly", "PublicInternetOnly"] } },
    });
    expect(Conditions).toEqual({ Remediate: { "Fn::Equals": [{ Ref: "Phase" }, "Remediate"] } });
    // Without a default, nobody imports a domain as VpcOnly by oversight.
    expect(Parameters?.["Phase"]).not.toHaveProperty("Default");
    expect(Metadata.Remediation["ResourcesToImport"]).toEqual([
      {
        ResourceType: "AWS::SageMaker::Domain",
        LogicalResourceId: "DomainResearch",
        ResourceIdentifier: { DomainId: "d-abcdefghijkl" },
      },
    ]);
  });

  it("creates no notebook instance during the import", () => {
    const { Resources } = templateOf(notebookPlan(), domainPlan());
    expect(Resources["NotebookDataScienceVpc"]).toHaveProperty("Condition", "Remediate");
    expect(Resources["DomainResearch"]).not.toHaveProperty("Condition");
  });

  it("asks for what could not be read of it", () => {
    const template = templateOf(domainPlan({ executionRoleArn: undefined, authMode: undefined }));
    expect(Object.keys(template.Parameters ?? {})).toEqual([
      "DomainResearchAuthMode",
      "DomainResearchExecutionRole",
      "Phase",
    ]);
  });

  it("adds the network that the domain lacks in the update, not in the import", () => {
    const template = templateOf(BARE);
    const added = (Ref: string) => ({ "Fn::If": ["Remediate", { Ref }, { Ref: "AWS::NoValue" }] });
    expect(template.Resources["DomainResearch"]?.Properties).toMatchObject({
      VpcId: added("VpcId"),
      SubnetIds: added("SubnetIds"),
      DefaultUserSettings: { SecurityGroups: added("SecurityGroupIds") },
    });
    const chosen = domainPlan(
      { subnetIds: [], defaultSecurityGroupIds: [] },
      { update: { vpcId: "vpc-1", subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] } },
    );
    expect(templateOf(chosen).Resources["DomainResearch"]?.Properties).toMatchObject({
      SubnetIds: { "Fn::If": ["Remediate", ["subnet-1"], { Ref: "AWS::NoValue" }] },
      DefaultUserSettings: {
        SecurityGroups: { "Fn::If": ["Remediate", ["sg-1"], { Ref: "AWS::NoValue" }] },
      },
    });
  });

  it("has no resource where a stack owns the domain, which no other can import", () => {
    const tags = [{ key: "aws:cloudformation:stack-name", value: "studio" }];
    const { Resources, Metadata, Parameters } = templateOf(domainPlan({ tags }));
    expect([Resources, Parameters]).toEqual([{}, undefined]);
    expect(JSON.stringify(Metadata.Remediation["Impossible"])).toContain("owns the domain already");
  });

  it("tells last to write VpcOnly without a condition", () => {
    const steps = templateOf(domainPlan()).Metadata.Remediation["Steps"] as string[];
    expect(steps.at(-2)).toMatch(/AppNetworkAccessType: VpcOnly in the place of each Fn::If/);
  });

  it("has no resource where AWS would refuse, and says why", () => {
    const { Resources, Metadata } = templateOf(RSTUDIO);
    expect(Resources).toEqual({});
    expect(JSON.stringify(Metadata.Remediation["Impossible"])).toContain("RStudio");
  });
});

describe("foreign text in templates", () => {
  it("is the same in YAML as in JSON, and the same as in the account", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const plans = hostilePlans(text);
        const json = JSON.parse(cloudFormationJson(plans, PLACE)) as Template;
        expect(parse(cloudFormationYaml(plans, PLACE), { maxAliasCount: 0 })).toEqual(json);
        if (/\{\{\s*resolve/i.test(text) || /^aws:/i.test(text)) return;
        const expected = text.toWellFormed();
        expect(notebookIn(json)).toMatchObject({
          NotebookInstanceName: expected,
          DefaultCodeRepository: expected,
          Tags: [{ Key: expected, Value: expected }],
          DirectInternetAccess: "Disabled",
        });
      }),
    );
  });

  it("becomes a parameter where CloudFormation would resolve it", () => {
    for (const text of [
      "{{resolve:ssm:x}}",
      "https://x/{{resolve:secretsmanager:prod}}",
      "{{{resolve:ssm:x}}}",
    ]) {
      const yaml = cloudFormationYaml(hostilePlans(text), PLACE);
      expect(yaml).not.toMatch(/\{\{/);
      expect(notebookIn(templateOf(...hostilePlans(text)))["NotebookInstanceName"]).toEqual({
        Ref: "UnsafeValue",
      });
    }
  });

  it("neither hides nor turns around, and opens no line of its own", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const plans = hostilePlans(text);
        for (const render of [cloudFormationJson, cloudFormationYaml])
          expect(render(plans, PLACE).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        for (const line of cloudFormationYaml(plans, PLACE).split("\n"))
          expect(line).toMatch(/^$|^ *(#|- "|[\w:]+:|- [\w:]+:)|^ *- ".*"$/);
      }),
    );
  });
});
