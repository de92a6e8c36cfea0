import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PLAN_FORMATS } from "../../src/config/plan-options.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { type CliOptions, cli } from "../support/cli.ts";
import { CALLER, useCliAws } from "../support/cli-aws.ts";

const HUB = "111111111111";
const MEMBER = "222222222222";
const trust = { principals: [`arn:aws:iam::${HUB}:user/${CALLER.user}`] };
const arnOf = (account: string, region: string, resource: string) =>
  `arn:aws:sagemaker:${region}:${account}:${resource}`;

const fleet: Fleet = {
  accounts: [
    {
      id: HUB,
      name: "hub",
      enabledRegions: ["us-east-1", "eu-west-1"],
      accessKeys: [CALLER],
      regions: {
        "us-east-1": {
          notebooks: [
            { name: "open", directInternetAccess: "Enabled" },
            {
              name: "Full",
              directInternetAccess: "Enabled",
              instanceType: "ml.m5.xlarge",
              roleArn: `arn:aws:iam::${HUB}:role/Notebooks`,
              platformIdentifier: "notebook-al2023-v1",
              volumeSizeInGB: 77,
              kmsKeyId: `arn:aws:kms:us-east-1:${HUB}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
              lifecycleConfigName: "install-tools",
              rootAccess: "Disabled",
              minimumInstanceMetadataServiceVersion: "2",
              ipAddressType: "dualstack",
              acceleratorTypes: ["ml.later.large"],
              defaultCodeRepository: "https://git.example/fraud.git",
              additionalCodeRepositories: ["shared-code"],
              subnetId: "subnet-77777777",
              securityGroups: ["sg-77777777"],
              tags: { team: "fraud" },
            },
            { name: "shut", directInternetAccess: "Disabled" },
          ],
          domains: [{ id: "d-open", name: "studio", appNetworkAccessType: "PublicInternetOnly" }],
        },
      },
    },
    {
      id: MEMBER,
      name: "member",
      enabledRegions: ["us-east-1", "eu-west-1"],
      roles: [{ name: "ComplianceScan", trust }],
      regions: { "eu-west-1": { notebooks: [{ name: "member-open", directInternetAccess: "Enabled" }] } },
    },
  ],
};

const OPEN = arnOf(HUB, "us-east-1", "notebook-instance/open");
const SHUT = arnOf(HUB, "us-east-1", "notebook-instance/shut");
const STUDIO = arnOf(HUB, "us-east-1", "domain/d-open");
const MEMBER_OPEN = arnOf(MEMBER, "eu-west-1", "notebook-instance/member-open");
const NETWORK = ["--subnet", "subnet-0a1b2c3d4e5f67890", "--security-group", "sg-0a1b2c3d4e5f67890"];
const MEMBER_ROLE = `arn:aws:iam::${MEMBER}:role/ComplianceScan`;

const aws = useCliAws(fleet);
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "awsscan-plan-"));
});
afterEach(() => aws.admin.setFaults());
afterAll(() => rm(folder, { recursive: true }));

const plan = (args: readonly string[], options: CliOptions = {}) =>
  cli(["plan", ...args], { ...options, env: { ...aws.env, ...options.env } });

describe("awsscan plan", () => {
  it.each(PLAN_FORMATS)("prints the plan as %s alone, with the network that it was given", async (format) => {
    const { code, stdout, stderr } = await plan([OPEN, ...NETWORK, "--format", format]);
    expect(stdout).toContain("subnet-0a1b2c3d4e5f67890");
    expect(stdout).toContain("sg-0a1b2c3d4e5f67890");
    expect(stdout).toContain("Disabled");
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it.each(PLAN_FORMATS)("makes of a network that nobody named a parameter of the %s", async (format) => {
    const { stdout } = await plan([OPEN, "--format", format]);
    expect(stdout).not.toMatch(/subnet-[0-9a-f]{8}|sg-[0-9a-f]{8}/);
    expect(stdout).toMatch(/SUBNET_ID|SubnetId|subnet_id/);
  });

  it.each(PLAN_FORMATS)("puts a domain right as %s", async (format) => {
    const { code, stdout } = await plan([STUDIO, "--format", format]);
    expect(stdout).toMatch(/VpcOnly|VPC only/i);
    expect(code).toBe(0);
  });

  it("carries over every setting, as the shipped program reads them", async () => {
    const { stdout } = await plan([arnOf(HUB, "us-east-1", "notebook-instance/full"), "--format", "console"]);
    for (const value of [
      "Notebook instance name: Full-vpc",
      "Notebook instance type: ml.m5.xlarge",
      "Platform identifier: notebook-al2023-v1",
      "Lifecycle configuration: install-tools",
      "Volume size in GB: 77",
      "Minimum IMDS version: 2",
      `IAM role: arn:aws:iam::${HUB}:role/Notebooks`,
      "Root access: Disabled",
      "Encryption key: arn:aws:kms",
      "Subnet: subnet-77777777",
      "Security groups: sg-77777777",
      "IP address type: dualstack",
      "Default repository: https://git.example/fraud.git",
      "Additional repositories: shared-code",
      "Tag: team = fraud",
      `Tag: awsscan:replaces = ${arnOf(HUB, "us-east-1", "notebook-instance/full")}`,
    ])
      expect(stdout).toContain(value);
    const script = await plan([arnOf(HUB, "us-east-1", "notebook-instance/full")]);
    expect(script.stdout).toContain("--accelerator-types ml.later.large");
  });

  it("asks nothing of AWS but what reads, and asks first whose the credentials are", async () => {
    await aws.admin.clearRequests();
    await plan([OPEN, STUDIO]);
    const operations = (await aws.admin.requests()).map(({ operation }) => operation);
    expect(operations[0]).toBe("GetCallerIdentity");
    for (const operation of operations) expect(operation).toMatch(/^(Get|List|Describe)/);
  });

  it("takes the violations of a result, and the roles that get in", async () => {
    const result = join(folder, "result.json");
    const roles = ["--role-arn", MEMBER_ROLE];
    const scanned = await cli(["scan", ...roles, "-o", "json"], { env: aws.env });
    await writeFile(result, scanned.stdout);
    const fromFile = await plan(["--from", result, ...roles]);
    expect(fromFile.stdout).toContain("member-open");
    const fromInput = await plan(["--from", "-", ...roles], { stdin: scanned.stdout });
    expect(fromInput.stdout).toBe(fromFile.stdout);
  });

  it("says of an earlier result that lacks something that there may be more, and ends with 3", async () => {
    await aws.admin.setFaults({ kind: "deny", operation: "ListDomains", region: "us-east-1" });
    const { stdout } = await cli(["scan", "-o", "json"], { env: aws.env });
    await aws.admin.setFaults();
    const partial = await plan(["--from", "-"], { stdin: stdout });
    expect(partial.stderr).toMatch(/warning: the result in - does not have everything/);
    expect(partial.stdout).toContain("open");
    expect(partial.code).toBe(3);
    const empty = JSON.stringify({ ...JSON.parse(stdout), findings: [] });
    const none = await plan(["--from", "-"], { stdin: empty });
    expect(none.stderr).not.toMatch(/nothing to do/);
    expect([none.code, none.stdout]).toEqual([3, ""]);
  });

  it("takes roles and networks from manifests", async () => {
    const manifest = `apiVersion: awsaccountscan.dev/v1alpha1
kind: AwsAccountScan
metadata:
  name: member
spec:
  organization: { roleName: ComplianceScan }
  remediation:
    networks:
      - { region: eu-west-1, subnetId: subnet-11111111, securityGroupIds: [sg-11111111] }
      - { account: "${MEMBER}", region: eu-west-1, subnetId: subnet-22222222, securityGroupIds: [sg-22222222] }
`;
    const { stdout, stderr } = await plan(["-f", "-", MEMBER_OPEN], { stdin: manifest });
    expect(stderr).toBe("");
    expect(stdout).toContain("subnet-22222222");
    const other = await plan(["-f", "-", MEMBER_OPEN, "--subnet", "subnet-33333333"], { stdin: manifest });
    expect(other.stdout).toContain("subnet-33333333");
    // Of the subnet's VPC nothing is known, and groups of another would be refused.
    expect(other.stdout).not.toContain("sg-22222222");
    expect(other.stdout).toContain("SECURITY_GROUP_IDS");
  });

  it("writes a file for each account and region, scripts executable, where there are several", async () => {
    const { code, stdout, stderr } = await plan([OPEN, MEMBER_OPEN]);
    expect(stderr).toMatch(/2 places: 111111111111\/us-east-1, 222222222222\/eu-west-1.*--output-dir/);
    expect([code, stdout]).toEqual([1, ""]);
    const target = join(folder, "plans");
    const organization = ["--organization-role", "ComplianceScan", "--output-dir", target];
    // The hub's own account has no such role.
    const some = await plan([OPEN, MEMBER_OPEN, ...organization]);
    expect(some.code).toBe(3);
    expect(some.stderr).toMatch(/notebook-instance\/open: could not be read.*AssumeRole: AccessDenied/);
    expect(await readdir(target)).toEqual([`${MEMBER}-eu-west-1.sh`]);
    expect((await stat(join(target, `${MEMBER}-eu-west-1.sh`))).mode & 0o777).toBe(0o700);
    expect(await readFile(join(target, `${MEMBER}-eu-west-1.sh`), "utf8")).toContain("member-open");
  });

  it("applies the groups of replacements to a domain that is planned for alone, and says so", async () => {
    const alone = await plan([STUDIO, ...NETWORK]);
    expect(alone.stdout).toContain("--default-user-settings SecurityGroups=sg-0a1b2c3d4e5f67890");
    expect(alone.stdout).toContain("which nothing has checked");
    const together = await plan([STUDIO, OPEN, ...NETWORK]);
    expect(together.stdout).toContain("SECURITY_GROUP_IDS_VPC_0A1B2C3D");
    expect(together.stdout).not.toContain("SecurityGroups=sg-0a1b2c3d4e5f67890");
    expect(together.stderr).toContain("d-open: --security-group is for replacements here");
  });

  it("gives the replacement the name that was chosen", async () => {
    const { code, stdout } = await plan([OPEN, STUDIO, "--replacement-name", "closed"]);
    expect(stdout).toContain("notebook instance open: replace by closed");
    expect(code).toBe(0);
  });

  it("has nothing to do for what is compliant or gone, and says so", async () => {
    const gone = arnOf(HUB, "us-east-1", "notebook-instance/gone");
    const { code, stdout, stderr } = await plan([SHUT, gone]);
    expect(stderr).toMatch(/shut: is compliant/);
    expect(stderr).toMatch(/gone: does not exist any more/);
    expect([code, stdout]).toEqual([0, ""]);
  });

  it("plans nothing for what it could not read, and ends with 3", async () => {
    await aws.admin.setFaults({ kind: "deny", operation: "DescribeNotebookInstance", name: "open" });
    const { code, stdout, stderr } = await plan([OPEN]);
    expect(stderr).toMatch(/could not be read.*DescribeNotebookInstance: AccessDeniedException/);
    expect([code, stdout]).toEqual([3, ""]);
  });

  it("plans nothing by the credentials of another account", async () => {
    const { code, stderr } = await plan([MEMBER_OPEN]);
    expect(stderr).toMatch(
      /the credentials are of account 111111111111; give --role-arn for a role of 222222222222/,
    );
    expect(code).toBe(3);
  });

  it.each([
    [[], /name what to plan for: ARNs, --from FILE or --scan NAME/],
    [["arn:aws:s3:::bucket"], /"arn:aws:s3:::bucket" is not the ARN of a notebook instance or a domain/],
    [[`${OPEN};rm -rf`], /is not the ARN/],
    [[arnOf(HUB, "us-east-1", "notebook-instance/a_b")], /a_b" is not the ARN/],
    [[arnOf(HUB, "us-east-1", "notebook-instance/a-")], /a-" is not the ARN/],
    [[arnOf(HUB, "us-east-1", "domain/d-1-")], /d-1-" is not the ARN/],
    [[OPEN, "--replacement-name", "a_b"], /Give a name of up to 63 letters/],
    [[OPEN, "--replacement-name", "Open"], /--replacement-name is the old instance's name/],
    [[OPEN, SHUT, "--replacement-name", "closed"], /--replacement-name is for one notebook instance/],
    [[OPEN, "--platform", "windows"], /Give a platform identifier such as notebook-al2023-v1/],
    [["--from", "/nonexistent"], /--from \/nonexistent cannot be read/],
    [[OPEN, "--subnet", "private"], /Give the id of a subnet/],
    [[OPEN, "--security-group", Array(6).fill("sg-0a1b2c3d").join(",")], /Give at most 5/],
    [[OPEN, "--format", "pulumi"], /Allowed choices are cli, cloudformation-json/],
  ])("refuses %j, saying what is allowed", async (args, message) => {
    const { code, stdout, stderr } = await plan(args);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([1, ""]);
  });
});
