/** The simulator before judges that are not ours: botocore parses its answers, moto answers the same questions. */
import { fileURLToPath } from "node:url";
import {
  DescribeDomainCommand,
  DescribeNotebookInstanceCommand,
  ListDomainsCommand,
  ListNotebookInstancesCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runOrThrow } from "../../tools/machine/command.ts";
import { type Moto, startMoto } from "../../tools/moto/moto.ts";
import { seedMoto } from "../../tools/moto/seed.ts";
import { fromSts, type Keys } from "../support/aws-clients.ts";
import { CI_KEY, fleet, HUB, HUB_ROLE, NOTEBOOKS, REGION, useSimulator } from "../support/aws-fixture.ts";

const SCRIPT = fileURLToPath(new URL("../../tools/moto/call_every_operation.py", import.meta.url));

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
    DeleteDomain: { error: "UnknownOperationException" },
    DescribeOrganization: { Organization: { MasterAccountId: HUB } },
    ListAccounts: { Accounts: [{ Id: HUB, JoinedTimestamp: "2025-01-01T00:00:00+00:00" }, {}] },
    ListAccountsForParent: { Accounts: [{ Id: HUB }] },
    ListOrganizationalUnitsForParent: { OrganizationalUnits: [{ Name: "Workloads" }] },
  });
  expect(await aws.client.counters()).toMatchObject({ mutations: 1, unknownOperations: 2 });
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
