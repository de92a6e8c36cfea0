import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { domainSource, HOSTILE, notebookSource, PLACE } from "../../test/support/remediation.ts";
import { renderCli } from "./cli.ts";
import { cloudFormationJson, cloudFormationYaml } from "./cloudformation.ts";
import { renderConsole } from "./console.ts";
import { isNotebookName, replacementName } from "./notebook-name.ts";
import type { DomainPlan, NotebookPlan, NotebookSource, PlanChoices } from "./plan.ts";
import { planAll, planFor } from "./planner.ts";
import { terraform } from "./terraform.ts";

const CHOICES: PlanChoices = { subnetId: "subnet-1", securityGroupIds: ["sg-1"] };

const arnOf = (name: string) =>
  `arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/${name.toLowerCase()}`;

const REPLACES = { key: "awsscan:replaces", value: notebookSource().arn };

const notebook = (changes: Partial<NotebookSource> = {}, choices: PlanChoices = CHOICES) =>
  planFor(notebookSource(changes), choices) as NotebookPlan;
const domain = (changes: Parameters<typeof domainSource>[0] = {}, choices: PlanChoices = {}) =>
  planFor(domainSource(changes), choices) as DomainPlan;
const parametersOf = ({ parameters }: NotebookPlan | DomainPlan) => parameters.map(({ name }) => name);
const noticesOf = ({ notices }: NotebookPlan | DomainPlan) =>
  notices.map(({ kind, text }) => `${kind}: ${text}`).join("\n");

describe("the replacement of a notebook instance", () => {
  it("has every setting of the instance, in the chosen network", () => {
    const {
      type: _,
      arn: _arn,
      partition,
      account,
      region,
      status,
      directInternetAccess,
      ...settings
    } = notebookSource();
    expect(notebook().replacement).toEqual({
      ...settings,
      name: "Fraud-Model-vpc",
      subnetId: "subnet-1",
      securityGroupIds: ["sg-1"],
      tags: [...(settings.tags ?? []), REPLACES],
    });
    expect(parametersOf(notebook())).toEqual([]);
  });

  it("takes the name that was chosen, and refuses one that AWS would", () => {
    expect(notebook({}, { replacementName: "closed" }).replacement.name).toBe("closed");
    for (const name of ["-a", "a_b", "", "a".repeat(64), "fraud-model"])
      expect(() => notebook({}, { replacementName: name })).toThrow(RangeError);
  });

  it.each([
    ["cc", "cc-vpc"],
    ["cc-vpc", "cc-vpc-ee3c168f"],
    ["cc-vpc-2", "cc-vpc-0f8a9892"],
    ["a".repeat(59), `${"a".repeat(59)}-vpc`],
    ["a".repeat(60), `${"a".repeat(50)}-vpc-11ee3912`],
    ["-vpc", "notebook-vpc-02b5f8c0"],
  ])("of %s is called %s", (name, expected) => {
    expect(replacementName(name)).toBe(expected);
  });

  it("has a name that AWS takes, and another one, whatever the old one was", () => {
    const names = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^[a-z-]{0,70}(-vpc(-\d{1,5})?)?$/),
    );
    fc.assert(
      fc.property(names, (name) => {
        expect(isNotebookName(replacementName(name))).toBe(true);
        expect(replacementName(name)).not.toBe(name);
      }),
    );
  });

  it.each([
    ["the same but for their ends", [`${"a".repeat(59)}-one`, `${"a".repeat(59)}-two`]],
    ["numbered neighbours", ["ml", "ml-vpc", "ml-vpc-1", "ml-vpc-2"]],
    ["what cleaning makes equal", ["a.b", "a_b", "a b"]],
  ])("has a name of its own among %s, and none of theirs", (_what, names) => {
    const sources = names.map((name) => notebookSource({ name, arn: arnOf(name) }));
    const given = planAll(sources, () => ({})).map((plan) => (plan as NotebookPlan).replacement.name);
    expect(new Set([...names, ...given]).size).toBe(2 * names.length);
    // Alone it gets the same name, so that a later plan goes on with the same replacement.
    const alone = planAll(sources.slice(-1), () => ({})) as NotebookPlan[];
    expect(alone[0]?.replacement.name).toBe(given.at(-1));
  });

  it("does not get the name of what was planned for and could not be read", () => {
    const [plan] = planAll([notebookSource({ name: "ml", arn: arnOf("ml") })], () => ({}), [
      arnOf("ML-vpc"),
    ]) as NotebookPlan[];
    expect(plan?.replacement.name).toMatch(/^ml-vpc-[0-9a-f]{8}$/);
  });

  it("is refused by every renderer where two have one name, or one has a neighbour's", () => {
    const twice = ["one", "two"].map((name) => notebook({ name }, { replacementName: "same" }));
    const neighbour = [notebook({ name: "ml" }), notebook({ name: "ML-vpc" })];
    const same = [
      notebook({ name: "ml" }, { replacementName: "a" }),
      notebook({ name: "ML" }, { replacementName: "b" }),
    ];
    for (const render of [renderCli, renderConsole, cloudFormationJson, cloudFormationYaml, terraform])
      for (const plans of [twice, neighbour, same]) expect(() => render(plans, PLACE)).toThrow(RangeError);
  });

  it("asks for subnet and groups where nobody knows them", () => {
    expect(parametersOf(notebook({}, {}))).toEqual(["SubnetId", "SecurityGroupIds"]);
    expect(notebook({}, { securityGroupIds: [] }).replacement.securityGroupIds).toBeUndefined();
  });

  it("stays where the instance is attached already", () => {
    const attached = { subnetId: "subnet-own", securityGroupIds: ["sg-own"] };
    expect(notebook(attached, {}).replacement).toMatchObject(attached);
    expect(notebook(attached, CHOICES).replacement).toMatchObject(CHOICES);
    // The groups of one VPC cannot be used in another, and nobody knows which one a chosen subnet lies in.
    const elsewhere = notebook(attached, { subnetId: "subnet-1" });
    expect(elsewhere.replacement.securityGroupIds).toBeUndefined();
    expect(noticesOf(elsewhere)).toContain(
      "network: It is in subnet-own with sg-own, and its replacement goes to subnet-1 with the security groups that you give",
    );
    expect(noticesOf(notebook(attached, {}))).not.toContain("It is in subnet-own");
    expect(parametersOf(elsewhere)).toEqual(["SecurityGroupIds"]);
  });

  it.each(["notebook-al1-v1", "notebook-al2-v1", "notebook-al2-v2", "notebook-al2-v3"])(
    "asks for a platform in the place of %s",
    (platformIdentifier) => {
      const plan = notebook({ platformIdentifier });
      expect(plan.replacement.platformIdentifier).toBeUndefined();
      expect(parametersOf(plan)).toEqual(["AcceptedPlatformIdentifier"]);
      expect(noticesOf(plan)).toContain(`lost: The platform ${platformIdentifier}`);
      const chosen = notebook(
        { platformIdentifier },
        { ...CHOICES, platformIdentifier: "notebook-al2023-v2" },
      );
      expect(chosen.replacement.platformIdentifier).toBe("notebook-al2023-v2");
      expect(parametersOf(chosen)).toEqual([]);
    },
  );

  it("keeps a platform that AWS takes, known or not, whatever was chosen for others", () => {
    for (const platformIdentifier of ["notebook-al2023-v1", "notebook-al2030-v7"]) {
      const plan = notebook({ platformIdentifier }, { ...CHOICES, platformIdentifier: "notebook-al2023-v2" });
      expect(plan.replacement.platformIdentifier).toBe(platformIdentifier);
    }
  });

  it("warns that data on a stopped instance of a retired platform are out of reach", () => {
    const of = (status: string, platformIdentifier: string) =>
      noticesOf(notebook({ status, platformIdentifier }));
    expect(of("InService", "notebook-al2-v3")).toContain(
      "precondition: Do not stop it before its data are moved",
    );
    expect(of("Stopped", "notebook-al2-v3")).toContain("UpdateNotebookInstance with PlatformIdentifier");
    expect(of("Stopped", "notebook-al1-v1")).toContain("only AWS Support can reach its data");
  });

  it("asks for an instance type where new platforms do not run on its own", () => {
    const plan = notebook({ instanceType: "ml.p3.2xlarge", platformIdentifier: "notebook-al2-v3" });
    expect(noticesOf(plan)).toContain("does not run on ml.p3.2xlarge");
    expect(plan.replacement.instanceType).toBeUndefined();
    expect(parametersOf(plan)).toEqual(["AcceptedPlatformIdentifier", "AcceptedInstanceType"]);
    expect(renderCli([plan], PLACE)).toContain('--instance-type "$ACCEPTED_INSTANCE_TYPE_ML_P3_2XLARGE"');
    expect(renderConsole([plan], PLACE)).toContain(
      "Notebook instance type: one that Amazon Linux 2023 runs on",
    );
    expect(cloudFormationYaml([plan], PLACE)).toContain('Ref: "AcceptedInstanceTypeMlP32xlarge"');
    expect(terraform([plan], PLACE)).toContain("= var.accepted_instance_type_ml_p3_2xlarge");
    expect(noticesOf(notebook())).not.toContain("does not run on");
  });

  it("leaves out what AWS ended and what only AWS may set, and says so", () => {
    const tags = [
      { key: "team", value: "a" },
      { key: "aws:createdBy", value: "b" },
      { key: "AWS:cloudformation:stack-name", value: "fraud" },
    ];
    const plan = notebook({ tags, acceleratorTypes: ["ml.eia2.medium", "ml.later.large"] });
    expect(plan.replacement.tags).toEqual([{ key: "team", value: "a" }, REPLACES]);
    expect(plan.replacement.acceleratorTypes).toEqual(["ml.later.large"]);
    expect(noticesOf(plan)).toContain(
      "lost: Tags that only AWS can set: aws:createdBy, AWS:cloudformation:stack-name.",
    );
    expect(noticesOf(plan)).toContain("no longer offers: ml.eia2.medium.");
    expect(plan.notices[0]).toMatchObject({
      kind: "owner",
      text: expect.stringContaining("stack fraud owns it"),
    });
  });

  it("prints no credentials of Git repositories in any form, and asks for them instead", () => {
    const plan = notebook({
      defaultCodeRepository: "https://ann:s3cret@git.example/a.git",
      additionalCodeRepositories: ["shared", "https://tok3n@git.example/b.git"],
    });
    expect(parametersOf(plan)).toEqual(["DefaultCodeRepository", "AdditionalCodeRepositories"]);
    const forms = [renderCli, renderConsole, cloudFormationJson, cloudFormationYaml, terraform].map(
      (render) => render([plan], PLACE),
    );
    for (const text of forms) {
      expect(text).not.toMatch(/s3cret|tok3n/);
      expect(text).toContain("https://…@git.example/a.git");
    }
    const [script, , json, , hcl] = forms;
    expect(script).toContain('--default-code-repository "$DEFAULT_CODE_REPOSITORY"');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an array of bash
    expect(script).toContain('--additional-code-repositories "${additional_code_repositories[@]}"');
    expect(json?.match(/"NoEcho": true/g)).toHaveLength(2);
    expect(hcl?.match(/sensitive += true/g)).toHaveLength(2);
    expect(parametersOf(notebook({ defaultCodeRepository: "https://git.example/@a" }))).toEqual([]);
  });

  it("takes no tag for an owner's that anybody can set", () => {
    const tags = [{ key: "cloudformation:stack-name", value: "x" }];
    expect(notebook({ tags }).notices.filter(({ kind }) => kind === "owner")).toEqual([]);
  });

  it("says that the tags are lost where they could not be read", () => {
    const plan = notebook({ tags: undefined });
    expect(plan.replacement.tags).toEqual([REPLACES]);
    expect(noticesOf(plan)).toContain("lost: Its tags: ListTags was refused");
    // Nor does anybody know then what owns it.
    expect(noticesOf(plan)).toContain("owner: Nobody knows whether");
    expect(noticesOf(domain({ tags: undefined }))).toContain("owner: Nobody knows whether");
  });

  it("has room for the tag that says what it replaces, and says what has to wait", () => {
    const tags = Array.from({ length: 50 }, (_, at) => ({ key: `t${at}`, value: "x" }));
    const full = notebook({ tags });
    expect(full.replacement.tags).toEqual([...tags.slice(0, 49), REPLACES]);
    expect(noticesOf(full)).toContain("lost: The tag t49: an instance takes 50");
    // Of a replacement that is replaced in turn: its own tag is of another.
    const again = notebook({ tags: [...tags.slice(0, 49), { key: "awsscan:replaces", value: "older" }] });
    expect(again.replacement.tags).toEqual([...tags.slice(0, 49), REPLACES]);
    expect(noticesOf(again)).not.toContain("lost: The tag");
  });

  it("tells network, cost and loss of every instance", () => {
    const kinds = notebook().notices.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["precondition", "lost", "network", "cost"]));
  });
});

describe("the update of a domain", () => {
  it("needs nothing where the domain has network and security groups", () => {
    const plan = domain();
    expect(plan.impossible).toBeUndefined();
    expect(plan.parameters).toEqual([]);
    expect(plan.update).toEqual({
      vpcId: "vpc-0a1b2c3d",
      subnetIds: ["subnet-0a1b2c3d", "subnet-4e5f6a7b"],
      securityGroupIds: [],
    });
  });

  it("is impossible with RStudio and says what to do instead", () => {
    const plan = domain({ rStudioExecutionRoleArn: "arn:aws:iam::123456789012:role/R" });
    expect(plan.impossible).toContain("Create another domain with VpcOnly");
    expect(plan.parameters).toEqual([]);
  });

  it.each(["Failed", "Deleting", "Delete_Failed"])("is impossible while the domain is %s", (status) => {
    expect(domain({ status }).impossible).toContain(status);
  });

  it("asks for what the domain lacks, or takes what was chosen", () => {
    const bare = { vpcId: undefined, subnetIds: [], defaultSecurityGroupIds: [] };
    expect(parametersOf(domain(bare))).toEqual(["VpcId", "SubnetIds", "SecurityGroupIds"]);
    expect(parametersOf(domain(bare, CHOICES))).toEqual(["VpcId"]);
    expect(domain(bare, CHOICES).update).toEqual({
      vpcId: undefined,
      subnetIds: ["subnet-1"],
      securityGroupIds: ["sg-1"],
    });
  });

  it("asks for each VPC by itself, in every form", () => {
    const lacking = (vpcId: string | undefined, id: string) =>
      domain({ id, vpcId, name: id, defaultSecurityGroupIds: [] });
    const plans = [
      lacking("vpc-1", "d-1"),
      lacking("vpc-2", "d-2"),
      lacking("vpc-1", "d-3"),
      notebook({}, {}),
    ];
    const script = renderCli(plans, PLACE);
    expect([...script.matchAll(/^ {2}need (\w+) /gm)].map(([, variable]) => variable)).toEqual([
      "SECURITY_GROUP_IDS_VPC_1",
      "SECURITY_GROUP_IDS_VPC_2",
      "SUBNET_ID",
      "SECURITY_GROUP_IDS",
    ]);
    const template = JSON.parse(cloudFormationJson(plans, PLACE)) as { Parameters: object };
    expect(Object.keys(template.Parameters)).toEqual([
      "SecurityGroupIdsVpc1",
      "SecurityGroupIdsVpc2",
      "SubnetId",
      "SecurityGroupIds",
      "Phase",
    ]);
  });

  it("says which groups were chosen for it, unchecked", () => {
    const plan = domain({ defaultSecurityGroupIds: [] }, { securityGroupIds: ["sg-9"] });
    expect(noticesOf(plan)).toContain("The security groups sg-9, which you named,");
    expect(noticesOf(plan)).toContain("of vpc-0a1b2c3d, which nothing has checked");
  });

  it("leaves what the domain has, whatever was chosen", () => {
    expect(domain({}, CHOICES).update).toEqual(domain().update);
  });

  it("tells preconditions, owner and what stays", () => {
    const plan = domain({
      appSecurityGroupManagement: "Customer",
      tags: [{ key: "aws:cloudformation:stack-name", value: "studio" }],
    });
    expect(noticesOf(plan)).toMatch(
      /owner: The CloudFormation stack studio[\s\S]*InService, Pending or Deleting/,
    );
    expect(noticesOf(plan)).toContain("AppSecurityGroupManagement stays Customer");
  });
});

it("plans what an attacker named, too", () => {
  for (const text of HOSTILE) {
    expect(isNotebookName(notebook({ name: text }).replacement.name)).toBe(true);
    expect(domain({ name: text }).source.name).toBe(text);
  }
});
