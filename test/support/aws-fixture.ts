/** A small fleet in a simulator, and tokens for it without a cluster. */
import { EC2Client } from "@aws-sdk/client-ec2";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { JWTPayload } from "jose";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Fleet, NotebookSpec } from "../../tools/aws-simulator/fleet.ts";
import { type RunningSimulator, type SimulatorAdmin, startSimulator } from "./aws.ts";
import { fromSts, type Keys } from "./aws-clients.ts";
import { startTokenIssuer, type TokenIssuer, type TokenOptions } from "./token-issuer.ts";

/** The account whose role a ServiceAccount may assume; the organization's management account. */
export const HUB = "111111111111";
/** The account whose role the hub's role may assume. */
export const SPOKE = "222222222222";
/** Where the hub has resources. */
export const REGION = "us-east-1";
/** Trusts the ServiceAccount that tokens are minted for. */
export const HUB_ROLE = `arn:aws:iam::${HUB}:role/Scanner`;
/** Trusts {@link HUB_ROLE} with the external id `acme`. */
export const SPOKE_ROLE = `arn:aws:iam::${SPOKE}:role/scan/Target`;
/** Of an IAM user of the hub. */
export const CI_KEY = { accessKeyId: "AKIASIMULATOR0000001", secretAccessKey: "long-lived" };

const ISSUER = "https://cluster.example";
const SUBJECT = "system:serviceaccount:compliance:scanner";

/** Of the hub, in {@link REGION}: every other with direct internet access, the first the youngest, the last failed. */
export const NOTEBOOKS: readonly NotebookSpec[] = Array.from({ length: 23 }, (_, at) => ({
  name: `notebook-${String(at).padStart(2, "0")}`,
  directInternetAccess: at % 2 === 0 ? "Enabled" : "Disabled",
  status: at === 22 ? "Failed" : "InService",
  creationTime: new Date(Date.UTC(2026, 0, 23 - at)).toISOString(),
}));

/** What the simulator of {@link useSimulator} holds. */
export const fleet: Fleet = {
  accounts: [
    {
      id: HUB,
      name: "hub",
      accessKeys: [{ ...CI_KEY, user: "ci" }],
      optInRegions: ["eu-south-1"],
      roles: [
        { name: "Scanner", trust: { webIdentity: { subjects: [SUBJECT] } } },
        { name: "OtherAudience", trust: { webIdentity: { subjects: ["*"], audience: "other" } } },
      ],
      regions: {
        [REGION]: {
          notebooks: NOTEBOOKS,
          domains: [
            { id: "d-open", name: "open", appNetworkAccessType: "PublicInternetOnly" },
            { id: "d-silent", name: "silent" },
            { id: "d-vpc", name: "vpc", appNetworkAccessType: "VpcOnly", tags: { team: "a<b&c" } },
          ],
        },
      },
    },
    {
      id: SPOKE,
      name: "spoke",
      roles: [{ name: "Target", path: "/scan/", trust: { principals: [HUB_ROLE], externalId: "acme" } }],
    },
  ],
  organization: {
    id: "o-simulated",
    managementAccount: HUB,
    root: {
      id: "r-ab12",
      name: "Root",
      accounts: [HUB],
      units: [{ id: "ou-ab12-cdef3456", name: "Workloads", accounts: [SPOKE] }],
    },
  },
};

/** The calling file's own simulator, good from `beforeAll` on. Clients do not retry. */
export interface SimulatorFixture {
  readonly url: string;
  readonly client: SimulatorAdmin;
  sts(keys: Keys): STSClient;
  ec2(keys: Keys, region?: string): EC2Client;
  sagemaker(keys: Keys, region?: string): SageMakerClient;
  organizations(keys: Keys): OrganizationsClient;
  /** A token of the ServiceAccount that the hub's role trusts, with other claims where given. */
  mint(claims?: JWTPayload, options?: TokenOptions): Promise<string>;
  assume(token: string, roleArn: string): Promise<Session>;
  /** A session of the hub's role. */
  webIdentity(): Promise<Session>;
}

type Session = ReturnType<typeof fromSts>;

/** Gives the calling file a simulator of {@link fleet}; before each test it is as at the start. */
export function useSimulator(): SimulatorFixture {
  let running: { aws: RunningSimulator; issuer: TokenIssuer } | undefined;
  const started = () => {
    if (!running) throw new Error("the simulator starts in beforeAll; ask for it in a hook or a test");
    return running;
  };
  beforeAll(async () => {
    running = await start();
  });
  afterAll(async () => {
    await running?.aws.stop();
    await running?.issuer.close();
  });
  beforeEach(async () => {
    await started().aws.client.beginScenario({ fleet });
  });
  const config = (credentials: Keys, region = REGION) => {
    return { endpoint: started().aws.url, region, credentials, maxAttempts: 1 };
  };
  return {
    get url() {
      return started().aws.url;
    },
    get client() {
      return started().aws.client;
    },
    sts: (keys) => new STSClient(config(keys)),
    ec2: (keys, region) => new EC2Client(config(keys, region)),
    sagemaker: (keys, region) => new SageMakerClient(config(keys, region)),
    organizations: (keys) => new OrganizationsClient(config(keys)),
    mint: (claims, options) => started().issuer.mint(SUBJECT, claims, options),
    async assume(WebIdentityToken, RoleArn) {
      const command = new AssumeRoleWithWebIdentityCommand({
        RoleArn,
        RoleSessionName: "test",
        WebIdentityToken,
      });
      const unsigned = this.sts({ accessKeyId: "", secretAccessKey: "" });
      return fromSts((await unsigned.send(command)).Credentials);
    },
    async webIdentity() {
      return this.assume(await this.mint(), HUB_ROLE);
    },
  };
}

async function start() {
  const issuer = await startTokenIssuer(ISSUER);
  const { jwksPath } = issuer;
  return { issuer, aws: await startSimulator({ fleet, jwksPath, issuer: ISSUER }) };
}
