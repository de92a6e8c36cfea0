import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hubPolicy } from "../../src/iam/hub-policy.ts";
import { organizationPolicy } from "../../src/iam/organization-policy.ts";
import { organizationTrust, scanTrust } from "../../src/iam/role-trust.ts";
import { scanPolicy } from "../../src/iam/scan-policy.ts";
import { irsaTrust, oidcProviderArn, podIdentityTrust } from "../../src/iam/service-account-trust.ts";
import { cfnLint } from "../../tools/validators/cfn-lint.ts";
import { checkov } from "../../tools/validators/checkov.ts";
import { validatorsBin } from "../../tools/validators/python.ts";
import { prepareTerraform, type Terraform } from "../../tools/validators/terraform.ts";
import { resolvedResource } from "../support/cloudformation.ts";

const DEPLOY = fileURLToPath(new URL("../../deploy/aws/", import.meta.url));
const CLOUDFORMATION = join(DEPLOY, "cloudformation");
const MODULES = ["scan-role", "hub-role", "organization-reader-role"] as const;
type Module = (typeof MODULES)[number];

const ACCOUNT = "111122223333";
const partition = "aws-us-gov";
const HUB = `arn:${partition}:iam::${ACCOUNT}:role/AccountScanHub`;
const READER = `arn:${partition}:iam::444455556666:role/Reader`;
const CLUSTER = `arn:${partition}:eks:us-gov-west-1:${ACCOUNT}:cluster/prod`;
const ISSUER = "oidc.eks.us-gov-west-1.amazonaws.com/id/EXAMPLE";
const ORGANIZATION = "o-a1b2c3d4e5";

const serviceAccount = { namespace: "aws-account-scan-system", name: "aws-account-scan-operator" };
const irsa = irsaTrust({
  providerArn: oidcProviderArn(partition, ACCOUNT, ISSUER),
  audience: "sts.amazonaws.com",
  serviceAccount,
});
const podIdentity = podIdentityTrust({ clusterArn: CLUSTER, account: ACCOUNT, serviceAccount });
const both = { ...irsa, Statement: [...irsa.Statement, ...podIdentity.Statement] };
const roleNames = ["AccountScan"];

interface Case {
  readonly module: Module;
  /** Parameters of the template, and the variables of the module that are the same. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly trust: object;
  readonly permissions: object;
}

/** Each template and module with what it must come to, in the words of src/iam. */
const CASES: Readonly<Record<string, Case>> = {
  "a scan role": {
    module: "scan-role",
    parameters: { HubRoleArn: HUB, ExternalId: "acme-7f3a" },
    variables: { hub_role_arn: HUB, external_id: "acme-7f3a" },
    trust: scanTrust(HUB, "acme-7f3a"),
    permissions: scanPolicy({ partition, account: ACCOUNT, tags: true, regions: true }),
  },
  "a hub by IRSA": {
    module: "hub-role",
    parameters: { OidcIssuer: ISSUER },
    variables: { oidc_issuer: ISSUER },
    trust: irsa,
    permissions: hubPolicy({ partition, roleNames, roleArns: [] }),
  },
  "a hub by Pod Identity": {
    module: "hub-role",
    parameters: { ClusterArn: CLUSTER, OrganizationId: ORGANIZATION },
    variables: { cluster_arn: CLUSTER, organization_id: ORGANIZATION },
    trust: podIdentity,
    permissions: hubPolicy({ partition, roleNames, roleArns: [], organizationId: ORGANIZATION }),
  },
  "a hub by both, with a reader": {
    module: "hub-role",
    parameters: { OidcIssuer: ISSUER, ClusterArn: CLUSTER, OrganizationReaderRoleArn: READER },
    variables: { oidc_issuer: ISSUER, cluster_arn: CLUSTER, organization_reader_role_arn: READER },
    trust: both,
    permissions: hubPolicy({ partition, roleNames, roleArns: [READER] }),
  },
  "an organization's reader": {
    module: "organization-reader-role",
    parameters: { HubRoleArn: HUB, ManagementAccountId: ACCOUNT, OrganizationId: ORGANIZATION },
    variables: { hub_role_arn: HUB, management_account_id: ACCOUNT, organization_id: ORGANIZATION },
    trust: organizationTrust(HUB),
    permissions: organizationPolicy({
      partition,
      managementAccount: ACCOUNT,
      organizationId: ORGANIZATION,
    }),
  },
};

let folder: string;
let bin: string;
let terraform: Terraform;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-setup-"));
  await mkdir(join(folder, "home"));
  bin = await validatorsBin();
  terraform = await prepareTerraform(join(folder, "home"));
  await cp(join(DEPLOY, "terraform"), join(folder, "terraform"), { recursive: true });
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const templates = () => MODULES.map((name) => join(CLOUDFORMATION, `${name}.yaml`));

describe("CloudFormation templates", () => {
  it.each(Object.entries(CASES))("have the documents that awsscan iam prints: %s", async (_, wanted) => {
    const text = await readFile(join(CLOUDFORMATION, `${wanted.module}.yaml`), "utf8");
    const place = { "AWS::Partition": partition, "AWS::AccountId": ACCOUNT };
    const role = resolvedResource(text, { ...place, ...wanted.parameters });
    const trust = role["AssumeRolePolicyDocument"];
    expect(typeof trust === "string" ? JSON.parse(trust) : trust).toEqual(wanted.trust);
    expect(role["Policies"]).toEqual([
      { PolicyName: expect.any(String), PolicyDocument: wanted.permissions },
    ]);
    expect(role).not.toHaveProperty("ManagedPolicyArns");
    expect(role).not.toHaveProperty("PermissionsBoundary");
  });

  it("are all looked at", async () => {
    expect((await readdir(CLOUDFORMATION)).toSorted()).toEqual(
      MODULES.map((name) => `${name}.yaml`).toSorted(),
    );
  });

  it("have no error, no warning and no remark, in any partition; a wrong name is one", async () => {
    const broken = join(folder, "broken.yaml");
    const good = await readFile(join(CLOUDFORMATION, "scan-role.yaml"), "utf8");
    await writeFile(broken, good.replace("MaxSessionDuration:", "SessionDuration:"));
    const regions = ["eu-west-1", "us-gov-west-1", "cn-north-1"];
    const found = await Promise.all(regions.map((region) => cfnLint(bin, region, [...templates(), broken])));
    const files = new Set(found.flat().map(({ file }) => file));
    expect(files).toEqual(new Set([broken]));
    expect(found.map((each) => each.map(({ rule }) => rule))).toEqual(regions.map(() => ["E3002"]));
  }, 300_000);

  // 60: everybody may assume the role; 107 to 111: a policy gives away secrets, data, permissions or all there is.
  it("pass Checkov's checks of roles and policies; a role that everybody may assume does not", async () => {
    const path = join(folder, "checkov");
    await mkdir(path);
    for (const file of templates()) await cp(file, join(path, file.slice(CLOUDFORMATION.length + 1)));
    const good = await readFile(join(CLOUDFORMATION, "scan-role.yaml"), "utf8");
    await writeFile(join(path, "broken.yaml"), good.replaceAll("!Ref HubRoleArn", '"*"'));
    const ids = ["60", "107", "108", "109", "110", "111"].map((id) => `CKV_AWS_${id}`);
    const findings = await checkov(bin, path, ids);
    const failed = findings.filter(({ passed }) => !passed).map(({ file, check }) => `${file} ${check}`);
    expect(failed).toEqual(["broken.yaml CKV_AWS_60"]);
    for (const name of MODULES) {
      const passed = findings.filter(({ file, passed }) => file === `${name}.yaml` && passed);
      expect(passed.length, name).toBeGreaterThanOrEqual(5);
    }
  }, 300_000);
});

/** Outputs of a module's documents, computed by Terraform without the module's provider. */
async function documentsOf({ module, variables }: Pick<Case, "module" | "variables">, name: string) {
  const path = join(folder, "documents", name.replaceAll(/\W/g, "-"));
  await mkdir(path, { recursive: true });
  for (const file of ["variables.tf", "policies.tf"])
    await cp(join(DEPLOY, "terraform", module, file), join(path, file));
  await writeFile(
    join(path, "documents.tf"),
    `locals {\n  partition  = "${partition}"\n  account_id = "${ACCOUNT}"\n}\n${["trust", "permissions"]
      .map((of) => `output "${of}" {\n  value = local.${of}_policy\n}\n`)
      .join("")}`,
  );
  await writeFile(join(path, "terraform.tfvars.json"), JSON.stringify(variables));
  return terraform.outputs(path);
}

/**
 * `validate` sees what the provider's typings tell: names and types of arguments and attributes, of the module's and of
 * the provider's. Not whether IAM takes the values, which is why the documents are compared.
 */
describe("Terraform modules", () => {
  it.each(Object.entries(CASES))("have the documents that awsscan iam prints: %s", async (name, wanted) => {
    const { trust, permissions } = await documentsOf(wanted, name);
    expect(JSON.parse(String(trust))).toEqual(wanted.trust);
    expect(JSON.parse(String(permissions))).toEqual(wanted.permissions);
  });

  it.each([
    ["scan-role", { hub_role_arn: "AccountScanHub", external_id: "acme" }, "ARN of a role"],
    ["scan-role", { hub_role_arn: HUB, external_id: "a*" }, "2 to 1224"],
    ["hub-role", { oidc_issuer: `https://${ISSUER}` }, "without https://"],
    ["hub-role", { cluster_arn: "prod" }, "ARN of a cluster"],
    ["hub-role", { oidc_issuer: ISSUER, service_account: "*" }, "one ServiceAccount"],
    [
      "organization-reader-role",
      { ...CASES["an organization's reader"]?.variables, organization_id: "o-*" },
      "o-a1b2",
    ],
  ] as const)("refuse what cannot be right: %s %o", async (module, variables, told) => {
    const name = `${module}-${told}`;
    await expect(documentsOf({ module, variables }, name)).rejects.toThrow(told);
  });

  it.each(MODULES)("are as terraform fmt leaves them, and validate: %s", async (module) => {
    const path = join(folder, "terraform", module);
    expect(await terraform.format(path)).toMatchObject({ code: 0, stdout: "" });
    expect(await terraform.validate(path)).toMatchObject({ code: 0, stderr: "" });
  });

  it("do not validate with an argument or an attribute that there is not", async () => {
    const main = await readFile(join(DEPLOY, "terraform/scan-role/main.tf"), "utf8");
    for (const [from, to] of [
      ["assume_role_policy ", "assume_policy "],
      ["current.account_id", "current.account"],
    ] as const) {
      const path = join(folder, `broken-${to.trim()}`);
      await cp(join(folder, "terraform/scan-role"), path, { recursive: true });
      await writeFile(join(path, "main.tf"), main.replace(from, to));
      expect(await terraform.validate(path), to).toMatchObject({ code: 1 });
    }
  });

  it("fit together in the example", async () => {
    const path = join(folder, "terraform/examples/organization");
    expect(await terraform.format(path)).toMatchObject({ code: 0, stdout: "" });
    expect(await terraform.modules(path)).toMatchObject({ code: 0 });
    expect(await terraform.validate(path)).toMatchObject({ code: 0, stderr: "" });
    const main = await readFile(join(path, "main.tf"), "utf8");
    await writeFile(join(path, "main.tf"), main.replace("external_id  = local", "external_ids = local"));
    expect(await terraform.validate(path)).toMatchObject({ code: 1 });
  });
});
