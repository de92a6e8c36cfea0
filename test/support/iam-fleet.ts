/** A fleet whose roles have the documents that awsscan prints for them, and no others. */
import type { AccountSpec, Fleet } from "../../tools/aws-simulator/fleet.ts";
import type { PolicyDocument } from "../../tools/aws-simulator/policy.ts";
import { cli } from "./cli.ts";

export const ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE";
export const MANAGEMENT = "111122223333";
export const HUB = "222233334444";
export const MEMBER = "333344445555";
export const ORGANIZATION = "o-a1b2c3d4e5";
export const ROOT = "r-ab12";
export const EXTERNAL_ID = "acme-7f3a9c";
export const ROLE_NAME = "compliance/AccountScan";
export const HUB_ROLE = `arn:aws:iam::${HUB}:role/AccountScanHub`;
export const READER_ROLE = `arn:aws:iam::${MANAGEMENT}:role/OrganizationReader`;
export const CLUSTER = `arn:aws:eks:eu-west-1:${HUB}:cluster/prod`;
export const SUBJECT = "system:serviceaccount:scan:operator";

/** With what EKS asks STS on behalf of pods. */
export const EKS_KEY = {
  accessKeyId: "AKIASIMULATOREKS0001",
  secretAccessKey: "of the service",
  user: "eks",
  service: "pods.eks.amazonaws.com",
} as const;

/** The commands of docs/aws-setup.md. */
const COMMANDS = {
  scanPolicy: "policy scan",
  scanTrust: `trust scan --hub-role-arn ${HUB_ROLE} --external-id ${EXTERNAL_ID}`,
  hubPolicy: `policy hub --role-names ${ROLE_NAME} --role-arns ${READER_ROLE} --organization-id ${ORGANIZATION}`,
  irsaTrust: `trust irsa --issuer ${ISSUER} --account ${HUB} --service-account scan/operator`,
  podIdentityTrust: `trust pod-identity --cluster-arn ${CLUSTER} --service-account scan/operator`,
  readerPolicy: `policy organization --management-account ${MANAGEMENT} --organization-id ${ORGANIZATION}`,
  readerTrust: `trust organization --hub-role-arn ${HUB_ROLE}`,
} as const;

export type Documents = Readonly<Record<keyof typeof COMMANDS, PolicyDocument>>;

/** What each command prints, by running it. */
export async function printedDocuments(): Promise<Documents> {
  const printed = Object.entries(COMMANDS).map(async ([name, words]) => {
    const { code, stdout, stderr } = await cli(["iam", ...words.split(" ")]);
    if (code !== 0) throw new Error(`awsscan iam ${words}: ${stderr}`);
    return [name, JSON.parse(stdout) as PolicyDocument] as const;
  });
  return Object.fromEntries(await Promise.all(printed)) as Documents;
}

/** The documents without one action of one of them; a statement that names no other goes with it. */
export function without(documents: Documents, of: keyof Documents, action: string): Documents {
  const Statement = documents[of].Statement.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat().filter((each) => each !== action),
  })).filter(({ Action }) => Action.length > 0);
  return { ...documents, [of]: { ...documents[of], Statement } };
}

/** Three accounts, two of them with a violation that tags exempt, one in a region that has to be found. */
export function fleetOf(documents: Documents): Fleet {
  const scanRole = {
    name: "AccountScan",
    path: "/compliance/",
    trust: { policy: documents.scanTrust },
    policies: [documents.scanPolicy],
  };
  const account = (id: string, more: Partial<AccountSpec>): AccountSpec => ({
    id,
    name: `account ${id}`,
    enabledRegions: ["us-east-1"],
    roles: [scanRole, ...(more.roles ?? [])],
    ...(more.accessKeys && { accessKeys: more.accessKeys }),
    ...(more.tokenAudiences && { tokenAudiences: more.tokenAudiences }),
    ...(more.optInRegions && { optInRegions: more.optInRegions }),
    regions: {
      "us-east-1": {
        notebooks: [
          { name: "Closed", directInternetAccess: "Disabled" },
          { name: "Excused", directInternetAccess: "Enabled", tags: { exempt: "yes" } },
        ],
        domains: [{ id: "d-shut", name: "shut", appNetworkAccessType: "VpcOnly" }],
      },
      ...more.regions,
    },
  });
  const hubTrust: PolicyDocument = {
    Version: "2012-10-17",
    Statement: [...documents.irsaTrust.Statement, ...documents.podIdentityTrust.Statement],
  };
  return {
    accounts: [
      account(MANAGEMENT, {
        roles: [
          {
            name: "OrganizationReader",
            trust: { policy: documents.readerTrust },
            policies: [documents.readerPolicy],
          },
        ],
      }),
      account(HUB, {
        accessKeys: [EKS_KEY],
        // Tokens for the API server get as far as the trust policy.
        tokenAudiences: ["https://kubernetes.default.svc"],
        roles: [{ name: "AccountScanHub", trust: { policy: hubTrust }, policies: [documents.hubPolicy] }],
      }),
      account(MEMBER, {
        optInRegions: ["eu-south-1"],
        regions: { "eu-south-1": { notebooks: [{ name: "Open", directInternetAccess: "Enabled" }] } },
      }),
    ],
    organization: {
      id: ORGANIZATION,
      managementAccount: MANAGEMENT,
      root: {
        id: ROOT,
        name: "Root",
        accounts: [MANAGEMENT],
        units: [{ id: "ou-ab12-workloads", name: "Workloads", accounts: [HUB, MEMBER] }],
      },
    },
  };
}
