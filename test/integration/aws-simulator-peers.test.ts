/** The simulator before judges that are not ours: botocore parses its answers, moto answers the same questions. */
import { fileURLToPath } from "node:url";
import { DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import { DescribeOrganizationCommand } from "@aws-sdk/client-organizations";
import {
  DescribeDomainCommand,
  DescribeNotebookInstanceCommand,
  ListDomainsCommand,
  ListNotebookInstancesCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FaultRule } from "../../tools/aws-simulator/faults.ts";
import { runOrThrow } from "../../tools/machine/command.ts";
import { type Moto, startMoto } from "../../tools/moto/moto.ts";
import { seedMoto } from "../../tools/moto/seed.ts";
import { codeOf, fromSts, type Keys } from "../support/aws-clients.ts";
import { CI_KEY, fleet, HUB, HUB_ROLE, NOTEBOOKS, REGION, useSimulator } from "../support/aws-fixture.ts";

const SCRIPT = fileURLToPath(new URL("../../tools/moto/call_every_operation.py", import.meta.url));

const FAULTS_SCRIPT = fileURLToPath(new URL("../../tools/aws-simulator/botocore_faults.py", import.meta.url));

/** The first run on a machine downloads moto. */
const INSTALL_WITHIN_MS = 600_000;

const aws = useSimulator();
let moto: Moto;

beforeAll(async () => {
  moto = await startMoto();
  await seedMoto(moto.url, fleet);
}, INSTALL_WITHIN_MS);
afterAll(() => moto?.stop());

test("botocore parses every answer", async () => {
  const args = [SCRIPT, aws.url, CI_KEY.accessKeyId, CI_KEY.secretAccessKey, await aws.mint(), HUB_ROLE];
  const results = JSON.parse(await runOrThrow(moto.python, args)) as Record<string, unknown>;
  expect(results).toMatchObject({
    GetCallerIdentity: { Account: HUB, Arn: `arn:aws:iam::${HUB}:user/ci` },
    AssumeRole: { error: "AccessDenied" },
    AssumeRoleWithWebIdentity: {
      AssumedRoleUser: { Arn: `arn:aws:sts::${HUB}:assumed-role/Scanner/botocore` },
      Credentials: { AccessKeyId: expect.stringMatching(/^ASIA/), Expiration: expect.any(String) },
      Audience: "sts.amazonaws.com",
    },
    DescribeRegions: { Regions: expect.arrayContaining([expect.objectContaining({ RegionName: REGION })]) },
    DescribeVpcs: { error: "InvalidAction" },
    ListNotebookInstances: {
      NotebookInstances: [{ NotebookInstanceName: "notebook-00", CreationTime: "2026-01-23T00:00:00+00:00" }],
      NextToken: expect.any(String),
    },
    DescribeNotebookInstance: { DirectInternetAccess: "Enabled", SecurityGroups: [] },
    "DescribeNotebookInstance of none": { error: "ValidationException", message: "RecordNotFound" },
    ListDomains: { Domains: expect.arrayContaining([expect.objectContaining({ DomainId: "d-vpc" })]) },
    DescribeDomain: { DomainId: "d-open", AppNetworkAccessType: "PublicInternetOnly" },
    ListTags: { Tags: [] },
    ListApps: { Apps: [] },
    UpdateDomain: { error: "ValidationException", message: expect.stringContaining("VpcId and Subnet IDs") },
    DeleteDomain: { error: "UnknownOperationException" },
    DescribeOrganization: { Organization: { MasterAccountId: HUB } },
    ListAccounts: { Accounts: [{ Id: HUB, JoinedTimestamp: "2025-01-01T00:00:00+00:00" }, {}] },
    ListAccountsForParent: { Accounts: [{ Id: HUB }] },
    ListOrganizationalUnitsForParent: { OrganizationalUnits: [{ Name: "Workloads" }] },
  });
  expect(await aws.client.counters()).toMatchObject({ mutations: 2, unknownOperations: 2 });
});

const REFUSALS: readonly (readonly [FaultRule, readonly string[]])[] = [
  [
    { kind: "deny" },
    ["AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "AccessDeniedException"],
  ],
  [
    { kind: "scp-deny" },
    ["AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "AccessDeniedException"],
  ],
  [
    { kind: "throttle", retryAfterSeconds: 1 },
    ["ThrottlingException", "Throttling", "RequestLimitExceeded", "TooManyRequestsException"],
  ],
  [
    { kind: "error500", retryAfterSeconds: 1 },
    ["InternalFailure", "InternalFailure", "InternalError", "ServiceException"],
  ],
  [
    { kind: "expired-session" },
    ["ExpiredTokenException", "ExpiredToken", "RequestExpired", "ExpiredTokenException"],
  ],
  [
    { kind: "not-enabled" },
    ["UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "UnrecognizedClientException"],
  ],
  [
    { kind: "unsupported" },
    ["UnknownOperationException", "InvalidAction", "UnsupportedOperation", "UnknownOperationException"],
  ],
  [
    { kind: "clock-skew", skewMs: 3_600_000 },
    ["InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired", "InvalidSignatureException"],
  ],
  [{ kind: "error", code: "Odd", message: '<odd> & "true"' }, ["Odd", "Odd", "Odd", "Odd"]],
  [{ kind: "latency", latencyMs: 1 }, ["success", "success", "success", "success"]],
  [{ kind: "drip", pieces: 3, latencyMs: 1 }, ["success", "success", "success", "success"]],
];

test("the SDK reads every refusal by its code", async () => {
  for (const [rule, codes] of REFUSALS) {
    await aws.client.setFaults(rule);
    const asked = [
      aws.sagemaker(CI_KEY).send(new ListDomainsCommand({})),
      aws.sts(CI_KEY).send(new GetCallerIdentityCommand({})),
      aws.ec2(CI_KEY).send(new DescribeRegionsCommand({})),
      aws.organizations(CI_KEY).send(new DescribeOrganizationCommand({})),
    ];
    expect(await Promise.all(asked.map(codeOf)), rule.kind).toEqual(codes);
  }
});

test("botocore reads them alike, and what is no answer as such", async () => {
  const broken: FaultRule[] = [{ kind: "reset" }, { kind: "hang" }, { kind: "drip", latencyMs: 2_000 }];
  const rules = [...REFUSALS.map(([rule]) => rule), ...broken];
  const args = [FAULTS_SCRIPT, aws.url, CI_KEY.accessKeyId, CI_KEY.secretAccessKey, JSON.stringify(rules)];
  const results = JSON.parse(await runOrThrow(moto.python, args)) as string[][];
  expect(results.slice(0, REFUSALS.length)).toEqual(REFUSALS.map(([, codes]) => codes));
  expect(results.slice(REFUSALS.length)).toEqual([
    Array(4).fill("ConnectionClosedError"),
    Array(4).fill("ReadTimeoutError"),
    Array(4).fill("ReadTimeoutError"),
  ]);
});

test("moto tells the same of the same fleet", async () => {
  const ours = await tellAll(aws.sagemaker(CI_KEY));
  const credentials = await motoSession();
  const theirs = await tellAll(new SageMakerClient({ endpoint: moto.url, region: REGION, credentials }));
  expect(ours.notebooks).toHaveLength(NOTEBOOKS.length);
  expect(ours.notebooks).toEqual(theirs.notebooks);
  // CreateDomain makes a domain that does not say PublicInternetOnly; moto cannot be given one that stays silent.
  const said = ours.domains.map(([name, type]) => [name, type ?? "PublicInternetOnly"]);
  expect(said).toEqual(theirs.domains);
});

test("moto names the assumed role as the simulator does", async () => {
  const identityOf = async (sts: STSClient) => {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
    return { Account, Arn };
  };
  const ours = await identityOf(aws.sts(await aws.webIdentity()));
  const theirs = await identityOf(motoSts(await motoSession()));
  expect(theirs).toEqual(ours);
});

function motoSts(credentials: Keys): STSClient {
  return new STSClient({ endpoint: moto.url, region: REGION, credentials });
}

async function motoSession() {
  const sts = motoSts({ accessKeyId: "moto", secretAccessKey: "moto" });
  const command = new AssumeRoleCommand({ RoleArn: HUB_ROLE, RoleSessionName: "test" });
  return fromSts((await sts.send(command)).Credentials);
}

/** What a scan reads, in an order of its own: by name. */
async function tellAll(client: SageMakerClient) {
  const { NotebookInstances = [] } = await client.send(new ListNotebookInstancesCommand({ MaxResults: 100 }));
  const { Domains = [] } = await client.send(new ListDomainsCommand({ MaxResults: 100 }));
  const notebooks = NotebookInstances.map(async ({ NotebookInstanceName, NotebookInstanceArn }) => {
    const told = await client.send(new DescribeNotebookInstanceCommand({ NotebookInstanceName }));
    expect(told.NotebookInstanceArn).toBe(NotebookInstanceArn);
    return [told.NotebookInstanceName, told.NotebookInstanceArn, told.DirectInternetAccess];
  });
  const domains = Domains.map(async ({ DomainId }) => {
    const told = await client.send(new DescribeDomainCommand({ DomainId }));
    return [told.DomainName, told.AppNetworkAccessType];
  });
  return {
    notebooks: (await Promise.all(notebooks)).sort(),
    domains: (await Promise.all(domains)).sort(),
  };
}
