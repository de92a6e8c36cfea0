/** The script of a plan for a domain, run by bash with the real AWS CLI against the simulator. */
import { expect, test } from "vitest";
import { renderCli } from "../../src/remediation/cli.ts";
import { planFor } from "../../src/remediation/planner.ts";
import type { AppSpec, DomainSpec, Fleet } from "../../tools/aws-simulator/fleet.ts";
import { openEngine, useEngineAws } from "../support/engine.ts";
import { useScripts } from "../support/remediation.ts";
import { knownSource } from "../support/remediation-sources.ts";

const ACCOUNT = "123456789012";
const REGION = "us-east-1";
const place = { partition: "aws", account: ACCOUNT, region: REGION };
const keys = { accessKeyId: "AKIASIMULATOR0000009", secretAccessKey: "long-lived" };
const ID = "d-abcdef012345";
const ARN = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:domain/${ID}`;

const OPEN: DomainSpec = {
  id: ID,
  name: "studio",
  appNetworkAccessType: "PublicInternetOnly",
  securityGroups: ["sg-0a1b2c3d"],
};

const fleetOf = (domain: DomainSpec): Fleet => ({
  accounts: [
    {
      id: ACCOUNT,
      name: "one",
      enabledRegions: [REGION],
      accessKeys: [{ ...keys, user: "owner" }],
      regions: { [REGION]: { domains: [domain] } },
    },
  ],
});

const aws = useEngineAws(fleetOf(OPEN));
const scripts = useScripts();

/** The script for the domain as it is, run against it. */
async function remedy(domain: DomainSpec, env: Record<string, string> = {}) {
  await aws.client.setFleet(fleetOf(domain));
  await aws.client.clearRequests();
  await scripts.calls();
  const script = renderCli([planFor(await knownSource(keys, ARN))], place);
  return { script, ...(await run(script, env)) };
}

const run = (script: string, env: Record<string, string> = {}) =>
  scripts.run(script, {
    keys,
    url: process.env["AWS_ENDPOINT_URL"] ?? "",
    env: { POLL_SECONDS: "0", ...env },
  });

async function verdict(): Promise<string> {
  const engine = openEngine({ keys });
  try {
    return (await engine.scan()).compliant;
  } finally {
    engine.close();
  }
}

const changes = () => aws.client.requests({ operation: "UpdateDomain" });

test("a scan finds the domain compliant when the script has run, and a second run changes nothing", async () => {
  const { code, stderr, stdout, script } = await remedy(OPEN);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain(`The domain ${ID} is VpcOnly.`);
  expect(await verdict()).toBe("True");
  await aws.client.clearRequests();
  expect((await run(script)).code).toBe(0);
  expect(await changes()).toEqual([]);
});

test("apps that hold the setting fast are listed, over pages, with the commands that delete them", async () => {
  const apps: AppSpec[] = [
    ...Array.from({ length: 12 }, (_, at) => ({
      name: `gone-${at}`,
      type: "JupyterLab",
      user: "ann",
      status: "Deleted",
    })),
    { name: "default", type: "JupyterLab", space: "lab" },
    { name: "late", type: "KernelGateway", user: "bob", status: "Pending" },
    { name: "going", type: "CodeEditor", user: "bob", status: "Deleting" },
    { name: "broken", type: "JupyterLab", user: "ann", status: "Failed" },
  ];
  const { code, stderr, stdout } = await remedy({ ...OPEN, apps });
  expect(code).toBe(1);
  expect(stderr).toContain(
    `aws sagemaker delete-app --region ${REGION} --domain-id ${ID} --space-name lab --app-type JupyterLab --app-name default`,
  );
  expect(stderr).toContain("--user-profile-name bob --app-type KernelGateway --app-name late");
  expect(stderr).toContain(`NOT FINISHED: 3 app(s) of the domain ${ID} must be gone first.`);
  expect(stderr).not.toMatch(/gone-|broken/);
  expect(stdout).toContain("NOT FINISHED  domain");
  expect(await changes()).toEqual([]);
  expect(await verdict()).toBe("False");
});

test("a domain with RStudio is left alone, whether the plan knew of it or not", async () => {
  const rStudio = { ...OPEN, rStudioExecutionRoleArn: `arn:aws:iam::${ACCOUNT}:role/RStudio` };
  const known = await remedy(rStudio);
  expect(known.code).toBe(1);
  expect(known.stderr).toContain("AWS does not let the network access type of a domain with RStudio change");
  const { script } = await remedy(OPEN);
  await aws.client.setFleet(fleetOf(rStudio));
  await aws.client.clearRequests();
  const unknown = await run(script);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain("RStudio is set up in the domain");
  expect(await changes()).toEqual([]);
});

test("security groups that the domain lacks are a parameter, and become its default", async () => {
  const { securityGroups: _none, ...bare } = OPEN;
  const refused = await remedy(bare);
  expect(refused.stderr).toContain("set SECURITY_GROUP_IDS_VPC_0A1B2C3D: Security groups of vpc-0a1b2c3d");
  expect(await changes()).toEqual([]);
  const { code, stderr } = await run(refused.script, { SECURITY_GROUP_IDS_VPC_0A1B2C3D: "sg-1, sg-2" });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(await knownSource(keys, ARN)).toMatchObject({
    appNetworkAccessType: "VpcOnly",
    defaultSecurityGroupIds: ["sg-1", "sg-2"],
  });
});

test("a domain without a VPC gets one by parameters", async () => {
  const { script } = await remedy({ ...OPEN, vpcId: "" });
  const env = { VPC_ID_D_ABCDEF012345: "vpc-9", SUBNET_IDS_D_ABCDEF012345: "subnet-8,subnet-9" };
  const { code, stderr } = await run(script, env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(await knownSource(keys, ARN)).toMatchObject({
    appNetworkAccessType: "VpcOnly",
    vpcId: "vpc-9",
    subnetIds: ["subnet-8", "subnet-9"],
  });
});

test("an update that is under way is waited for", async () => {
  const { script } = await remedy(OPEN);
  await aws.client.setFleet(fleetOf({ ...OPEN, status: "Updating" }));
  await aws.client.clearRequests();
  const running = run(script);
  await expect
    .poll(async () => (await aws.client.requests({ operation: "DescribeDomain" })).length, {
      timeout: 100_000,
    })
    .toBeGreaterThan(3);
  expect(await changes()).toEqual([]);
  await aws.client.patchDomain(place, ID, { status: "InService" });
  expect((await running).code).toBe(0);
  expect(await verdict()).toBe("True");
});

test("a domain that cannot be updated is told with its state", async () => {
  const { script } = await remedy(OPEN);
  await aws.client.setFleet(fleetOf({ ...OPEN, status: "Deleting" }));
  const { code, stderr } = await run(script);
  expect(code).toBe(1);
  expect(stderr).toContain(`the domain ${ID} is Deleting and cannot be updated`);
});

test("a refusal by AWS is told in its words, and nothing claims success", async () => {
  const { script } = await remedy(OPEN);
  await aws.client.setFleet(fleetOf(OPEN));
  await aws.client.setFaults({ kind: "deny", operation: "UpdateDomain" });
  const { code, stderr, stdout } = await run(script);
  await aws.client.setFaults();
  expect(code).toBe(1);
  expect(stderr).toContain("AccessDenied");
  expect(stdout).toContain("FAILED (1)    domain");
});
