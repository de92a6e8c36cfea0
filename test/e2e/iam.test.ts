import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ScanResult } from "../../src/report/result.ts";
import { type RunningSimulator, startSimulator } from "../support/aws.ts";
import { codeOf, fromSts, type Keys } from "../support/aws-clients.ts";
import { cli } from "../support/cli.ts";
import { openEngine, type ScanAsk, type ScanOutcome } from "../support/engine.ts";
import {
  CLUSTER,
  type Documents,
  EKS_KEY,
  EXTERNAL_ID,
  fleetOf,
  HUB,
  HUB_ROLE,
  ISSUER,
  MANAGEMENT,
  MEMBER,
  printedDocuments,
  READER_ROLE,
  ROLE_NAME,
  ROOT,
  SUBJECT,
  without,
} from "../support/iam-fleet.ts";
import { startTokenIssuer, type TokenIssuer } from "../support/token-issuer.ts";

/** What the whole organization has: see `fleetOf`. */
const WHOLE = { resources: 10, compliant: 6, violations: 1, exempt: 3, unknown: 0 };

const MANIFEST = `apiVersion: awsaccountscan.dev/v1alpha1
kind: AwsAccountScan
metadata: {name: everything, namespace: scan}
spec:
  organization: {roleName: ${ROLE_NAME}, externalId: ${EXTERNAL_ID}, managementRoleArn: "${READER_ROLE}"}
  exemptions: [{name: excused, reason: Ticket SEC-1, match: {names: ["*"], tags: {exempt: "yes"}}}]
`;

let issuer: TokenIssuer;
let documents: Documents;
let aws: RunningSimulator;
beforeAll(async () => {
  [issuer, documents] = await Promise.all([startTokenIssuer(ISSUER), printedDocuments()]);
  aws = await startSimulator({ fleet: fleetOf(documents), jwksPath: issuer.jwksPath, issuer: ISSUER });
  process.env["AWS_ENDPOINT_URL"] = aws.url;
});
afterAll(async () => {
  delete process.env["AWS_ENDPOINT_URL"];
  await aws?.stop();
  await issuer?.close();
});
beforeEach(() => aws.client.beginScenario({ fleet: fleetOf(documents) }));

/** With a copy of the keys: clients write into what they are given. */
const sts = (keys: Keys) =>
  new STSClient({ endpoint: aws.url, region: "us-east-1", credentials: { ...keys }, maxAttempts: 1 });

async function byToken(subject = SUBJECT, claims = {}): Promise<Keys> {
  const WebIdentityToken = await issuer.mint(subject, claims);
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: HUB_ROLE,
    RoleSessionName: "test",
    WebIdentityToken,
  });
  return fromSts((await sts({ accessKeyId: "", secretAccessKey: "" }).send(command)).Credentials);
}

const POD_TAGS = {
  "eks-cluster-arn": CLUSTER,
  "kubernetes-namespace": "scan",
  "kubernetes-service-account": "operator",
};

/** As EKS does it for a pod: by itself, for the cluster's account, with tags that go along. */
async function byPodIdentity(changes = {}, account = HUB): Promise<Keys> {
  const tags = Object.entries({ ...POD_TAGS, ...changes }).map(([Key, Value]) => ({
    Key,
    Value: `${Value}`,
  }));
  const command = new AssumeRoleCommand({
    RoleArn: HUB_ROLE,
    RoleSessionName: "eks-prod-operator",
    Tags: tags,
    TransitiveTagKeys: tags.map(({ Key }) => Key),
  });
  const client = sts(EKS_KEY);
  client.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers["x-amz-source-account"] = account;
      return next(args);
    },
    { step: "build" },
  );
  return fromSts((await client.send(command)).Credentials);
}

/** Scans the organization anew, below its root where `units` says so: that asks other questions. */
async function scan(keys: Keys, { units = false, ...ask }: ScanAsk & { units?: boolean } = {}) {
  const engine = openEngine({ keys });
  try {
    return await engine.scan({
      organization: {
        roleName: ROLE_NAME,
        externalId: EXTERNAL_ID,
        managementRoleArn: READER_ROLE,
        ...(units && { organizationalUnits: [ROOT] }),
      },
      exemptions: [
        { name: "excused", reason: "Ticket SEC-1", match: { names: ["*"], tags: { exempt: "yes" } } },
      ],
      ...ask,
    });
  } finally {
    engine.close();
  }
}

/** Verdicts of a scan by resource. */
function verdictsOf({ record }: Pick<ScanOutcome, "record">): ReadonlyMap<string, string> {
  return new Map(record.findings.map(({ arn, verdict }) => [arn, verdict]));
}

const outcomesOf = async () => new Set((await aws.client.requests()).map(({ outcome }) => outcome));

describe("roles with the documents that awsscan iam prints", () => {
  it("let a scan by web identity read everything, and nothing is denied", async () => {
    const files = { manifest: join(issuer.folder, "scan.yaml"), token: join(issuer.folder, "token") };
    await writeFile(files.manifest, MANIFEST);
    await writeFile(files.token, await issuer.mint(SUBJECT));
    const env = {
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: "us-east-1",
      AWS_ROLE_ARN: HUB_ROLE,
      AWS_WEB_IDENTITY_TOKEN_FILE: files.token,
    };
    const { code, stdout, stderr } = await cli(["scan", "-f", files.manifest, "-o", "json"], { env });
    const result = JSON.parse(stdout || JSON.stringify(stderr)) as ScanResult;
    expect(result).toMatchObject({ summary: WHOLE, failures: [], scan: { outcome: "Complete" } });
    expect(new Set(result.coverage.map(({ state }) => state))).toEqual(new Set(["covered"]));
    expect(code).toBe(2);
    expect(await outcomesOf()).toEqual(new Set(["success"]));
  });

  it("let a scan by Pod Identity read everything, below units too, and nothing is denied", async () => {
    const { record, complete } = await scan(await byPodIdentity(), { units: true });
    expect(record.failures).toEqual([]);
    expect(record.findings).toHaveLength(WHOLE.resources);
    expect(complete).toBe("True");
    expect(await outcomesOf()).toEqual(new Set(["success"]));
  });

  it("let nobody do more than a scan asks", async () => {
    const keys = await byToken();
    const command = new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${MEMBER}:role/Admin`,
      RoleSessionName: "x",
    });
    expect(await codeOf(sts(keys).send(command))).toBe("AccessDenied");
    // With the hub's own session, whose account it may not read.
    const { record } = await scan(keys, { organization: undefined });
    expect(record.findings).toEqual([]);
    expect(record.failures[0]).toMatchObject({
      account: HUB,
      operation: "DescribeRegions",
      reason: "AccessDenied",
    });
  });
});

/** Every action of every document, by its document and what must be told where it is missing. */
const ACTIONS = [
  ["scanPolicy", "sagemaker:ListNotebookInstances", "ListNotebookInstances"],
  ["scanPolicy", "sagemaker:ListDomains", "ListDomains"],
  ["scanPolicy", "sagemaker:DescribeNotebookInstance", "DescribeNotebookInstance"],
  ["scanPolicy", "sagemaker:DescribeDomain", "DescribeDomain"],
  ["scanPolicy", "sagemaker:ListTags", "ListTags"],
  ["scanPolicy", "ec2:DescribeRegions", "DescribeRegions"],
  ["scanTrust", "sts:AssumeRole", "AssumeRole"],
  ["scanTrust", "sts:TagSession", "AssumeRole"],
  ["hubPolicy", "sts:AssumeRole", "AssumeRole"],
  ["hubPolicy", "sts:TagSession", "AssumeRole"],
  ["readerTrust", "sts:AssumeRole", "AssumeRole"],
  ["readerTrust", "sts:TagSession", "AssumeRole"],
  ["readerPolicy", "organizations:ListAccounts", "ListAccounts"],
  ["readerPolicy", "organizations:ListAccountsForParent", "ListAccountsForParent"],
  ["readerPolicy", "organizations:ListOrganizationalUnitsForParent", "ListOrganizationalUnitsForParent"],
] as const;

describe("an action that is missing", () => {
  it("is tried for every action of every document", () => {
    const tried = (of: keyof Documents) =>
      ACTIONS.filter(([name]) => name === of).map(([, action]) => action);
    for (const of of ["scanPolicy", "scanTrust", "hubPolicy", "readerTrust", "readerPolicy"] as const) {
      const actions = documents[of].Statement.flatMap(({ Action }) => [Action].flat());
      expect(tried(of)).toEqual(actions);
    }
  });

  it.each(ACTIONS)("makes the scan say so, and is no pass: %s without %s", async (of, action, operation) => {
    const keys = await byPodIdentity();
    const units = action.endsWith("ForParent");
    const whole = await scan(keys, { units });
    await aws.client.setFleet(fleetOf(without(documents, of, action)));
    const { record, complete, compliant } = await scan(keys, { units });
    expect(record.failures).toContainEqual(expect.objectContaining({ operation, reason: "AccessDenied" }));
    expect(compliant).not.toBe("True");
    const verdicts = verdictsOf({ record });
    if (operation === "ListTags") {
      expect(complete).toBe("True");
      // Everything is read; what no exemption can be found for remains a violation.
      expect([...verdicts.values()].toSorted()).toEqual([
        ...Array(WHOLE.compliant).fill("compliant"),
        ...Array(WHOLE.violations + WHOLE.exempt).fill("violation"),
      ]);
      return;
    }
    expect(complete).not.toBe("True");
    const before = verdictsOf(whole);
    for (const [arn, verdict] of verdicts) expect(verdict, arn).toBeOneOf([before.get(arn), "unknown"]);
    const read = [...verdicts.values()].filter((verdict) => verdict !== "unknown");
    expect(read.length).toBeLessThan(WHOLE.resources);
  });
});

describe("the roles let nobody else in", () => {
  it("by another external id, in any account", async () => {
    const organization = { roleName: ROLE_NAME, externalId: "acme-other", managementRoleArn: READER_ROLE };
    const { record, complete } = await scan(await byToken(), { organization });
    expect(record.findings).toEqual([]);
    const told = record.failures.map(({ account, operation, reason }) => [account, operation, reason]);
    expect(told).toEqual([MANAGEMENT, HUB, MEMBER].map((account) => [account, "AssumeRole", "AccessDenied"]));
    expect(complete).not.toBe("True");
  });

  it.each([
    ["another ServiceAccount", "system:serviceaccount:scan:other", {}],
    ["a ServiceAccount of that name elsewhere", "system:serviceaccount:tenant:operator", {}],
    ["a name that begins alike", `${SUBJECT}-2`, {}],
    ["a token for the API server", SUBJECT, { aud: ["https://kubernetes.default.svc"] }],
  ])("by token: %s", async (_, subject, claims) => {
    expect(await codeOf(byToken(subject, claims))).toBe("AccessDenied");
  });

  it.each([
    ["another ServiceAccount", { "kubernetes-service-account": "other" }, HUB],
    ["another namespace", { "kubernetes-namespace": "tenant" }, HUB],
    ["another cluster", { "eks-cluster-arn": CLUSTER.replace("prod", "dev") }, HUB],
    ["another account's cluster", {}, MEMBER],
  ])("by Pod Identity: %s", async (_, tags, account) => {
    expect(await codeOf(byPodIdentity(tags, account))).toBe("AccessDenied");
  });

  it("by Pod Identity: an association whose session tags are off", async () => {
    const command = new AssumeRoleCommand({ RoleArn: HUB_ROLE, RoleSessionName: "eks" });
    expect(await codeOf(sts(EKS_KEY).send(command))).toBe("AccessDenied");
  });

  it("from a user of the hub's account", async () => {
    const fleet = fleetOf(documents);
    const user = { accessKeyId: "AKIASIMULATORUSER001", secretAccessKey: "long-lived", user: "somebody" };
    const accounts = fleet.accounts.map((each) => (each.id === HUB ? { ...each, accessKeys: [user] } : each));
    await aws.client.setFleet({ ...fleet, accounts });
    const command = new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${MEMBER}:role/${ROLE_NAME}`,
      RoleSessionName: "x",
      ExternalId: EXTERNAL_ID,
    });
    expect(await codeOf(sts(user).send(command))).toBe("AccessDenied");
  });
});

describe("awsscan iam", () => {
  it("says what is wrong, prints nothing, and ends with 1", async () => {
    const { code, stdout, stderr } = await cli(["iam", "policy", "hub"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^error: .*--role-names or --role-arns\.\n$/);
  });
});
