import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { mintServiceAccountToken } from "../../tools/control-plane/service-account-token.ts";
import { sharedCluster, useNamespace } from "../support/cluster.ts";
import { type PodIdentityAgent, startPodIdentityAgent } from "../support/credentials-pod-identity.ts";
import {
  expectPassed,
  expectRefused,
  expectStalled,
  rescanned,
  scanned,
} from "../support/credentials-scan.ts";
import { leaksIn } from "../support/credentials-secrets.ts";
import { sessionOf } from "../support/credentials-session.ts";
import { condition, scansIn } from "../support/scans.ts";
import { type Stack, useStack } from "../support/stack.ts";
import { serviceAccountFor } from "../support/tenant.ts";

const ACCOUNT = "111111111111";
const OPERATOR_ROLE = `arn:aws:iam::${ACCOUNT}:role/Operator`;
const OTHER = "222222222222";
const KEY = {
  accessKeyId: "AKIACREDENTIALS00001",
  secretAccessKey: "cred/Test+SecretThatNobodyMayLog000000001",
};
const KEYS_IN_ENV = { AWS_ACCESS_KEY_ID: KEY.accessKeyId, AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey };

function fleet(namespace: string): Fleet {
  const subject = (name: string) => `system:serviceaccount:${namespace}:${name}`;
  const place = {
    enabledRegions: ["us-east-1"],
    regions: {
      "us-east-1": { notebooks: [{ name: "closed", directInternetAccess: "Disabled" as const }] },
    },
  };
  const tenant = { webIdentity: { subjects: [subject("scanner")] } };
  return {
    accounts: [
      {
        id: ACCOUNT,
        name: "operator",
        ...place,
        accessKeys: [{ ...KEY, user: "ci" }],
        roles: [
          {
            name: "Operator",
            trust: {
              webIdentity: { subjects: [subject("aws-account-scan-operator")] },
              principals: [`arn:aws:iam::${ACCOUNT}:user/ci`],
            },
          },
          { name: "Tenant", trust: tenant },
        ],
      },
      {
        id: OTHER,
        name: "other",
        ...place,
        roles: [
          { name: "Tenant", trust: { webIdentity: { ...tenant.webIdentity, audience: "other.example" } } },
        ],
      },
    ],
  };
}

const regions = { include: ["us-east-1"] };
const unlisted = useNamespace({ prefix: "unlisted" });
const logged: (() => readonly string[])[] = [];

/** A stack whose log is looked at for secrets when all is done. */
function useTracedStack(options: Omit<Parameters<typeof useStack>[0], "fleet">): () => Stack {
  const stack = useStack({ fleet, ...options, args: ["--log-level=trace", ...(options.args ?? [])] });
  let lines: readonly string[] = [];
  logged.push(() => lines);
  return () => {
    const started = stack();
    lines = started.operator.lines;
    return started;
  };
}

/** The identities under which AWS was asked, without the names of their sessions. */
async function identities({ aws }: Stack): Promise<string[]> {
  const callers = (await aws.requests()).map(({ caller }) => caller).filter((caller) => caller !== undefined);
  return [...new Set(callers.map((caller) => caller.split("/").slice(0, 2).join("/")))];
}

describe("the operator's own identity", () => {
  /** The token that EKS would project into the operator's pod. */
  async function irsa({ namespace }: Pick<Stack, "namespace">) {
    const token = await mintServiceAccountToken(sharedCluster(), namespace, "aws-account-scan-operator", {
      expirationSeconds: 600,
      audiences: ["sts.amazonaws.com"],
    });
    const path = join(sharedCluster().dataDir, `irsa-${randomUUID()}`);
    await writeFile(path, `${token}\n`);
    return { AWS_ROLE_ARN: OPERATOR_ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: path };
  }
  // Keys beside it must not win, as they would in the SDK's own order.
  const stack = useTracedStack({ watch: [unlisted], env: KEYS_IN_ENV, lateEnv: irsa });

  it("is its IRSA role for scans in its own namespace that name no ServiceAccount", async () => {
    await stack().aws.clearRequests();
    expectPassed(await scanned(stack().scans, { name: "irsa", spec: { regions } }), [ACCOUNT], 1);
    expect(await identities(stack())).toEqual([`arn:aws:sts::${ACCOUNT}:assumed-role/Operator`]);
    const [assumed] = await stack().aws.requests({ operation: "AssumeRoleWithWebIdentity" });
    expect(assumed?.roleSessionName).toMatch(/^awsscan-.*\.irsa$/);
  });

  it("is not lent to a namespace that is not listed", async () => {
    await stack().aws.clearRequests();
    const scan = await scanned(scansIn(unlisted), { name: "borrower", spec: { regions } });
    expectStalled(scan, "OperatorIdentityNotAllowed", "Set spec.credentials.serviceAccountName");
    expect(condition(scan, "Ready").message).toContain(unlisted);
    expect(await stack().aws.requests()).toEqual([]);
  });
});

describe("the operator's identity namespaces", () => {
  const stack = useTracedStack({
    watch: [unlisted],
    env: KEYS_IN_ENV,
    args: ["--allow-ambient-credentials", `--operator-identity-namespaces=${unlisted}`],
  });

  it("are its own and those that are listed", async () => {
    expectPassed(await scanned(stack().scans, { name: "own", spec: { regions } }), [ACCOUNT], 1);
    const listed = await scanned(scansIn(unlisted), { name: "listed", spec: { regions } });
    expectPassed(listed, [ACCOUNT], 1);
  });

  it("take keys from the environment where ambient credentials are allowed", async () => {
    const { aws } = stack();
    await aws.clearRequests();
    expectPassed(await scanned(scansIn(unlisted), { name: "ambient", spec: { regions } }), [ACCOUNT], 1);
    expect(await identities(stack())).toEqual([`arn:aws:iam::${ACCOUNT}:user/ci`]);
  });
});

describe("keys in the environment and the node's role", () => {
  // The SDK's chain would ask the node's metadata service at this address last.
  const stack = useTracedStack({
    env: KEYS_IN_ENV,
    lateEnv: async ({ awsUrl }) => ({ AWS_EC2_METADATA_SERVICE_ENDPOINT: awsUrl }),
  });

  it("are nobody's identity unless ambient credentials are allowed", async () => {
    const { aws, scans } = stack();
    await aws.clearRequests();
    const scan = await scanned(scans, { name: "keys", spec: { regions } });
    expectStalled(scan, "NoOperatorIdentity", "--allow-ambient-credentials is off");
    expect(await aws.requests()).toEqual([]);
  });
});

describe("EKS Pod Identity", () => {
  let agent: PodIdentityAgent | undefined;
  const started = () => {
    if (!agent) throw new Error("the agent starts with the stack");
    return agent;
  };
  const stack = useTracedStack({
    env: KEYS_IN_ENV,
    async lateEnv({ awsUrl }) {
      agent = await startPodIdentityAgent(sharedCluster().dataDir, () =>
        // A copy: the SDK marks the credentials that it is given with where they came from.
        sessionOf(awsUrl, { ...KEY }, OPERATOR_ROLE),
      );
      return agent.env;
    },
  });
  afterAll(() => agent?.stop());

  it("that refuses the token is told, and nothing stands in for it", async () => {
    const { scans, aws } = stack();
    await started().rotate("another");
    await aws.clearRequests();
    const scan = await scanned(scans, { name: "refused", spec: { regions } });
    await started().rotate();
    expect(condition(scan, "Ready")).toMatchObject({ status: "False", reason: "ScanFailed" });
    expect(condition(scan, "Compliant").status).toBe("Unknown");
    expect(scan.status?.failures).toMatchObject([{ operation: "GetPodIdentityCredentials" }]);
    expect(started().answers).toContain(401);
    expect(await aws.requests()).toEqual([]);
  });

  it("gives the operator its identity, with a token that is read anew for every session", async () => {
    const { scans, aws } = stack();
    expectPassed(await scanned(scans, { name: "pod", spec: { regions } }), [ACCOUNT], 1);
    await started().rotate();
    await aws.expireSessions();
    await aws.clearRequests();
    const answered = started().answers.length;
    expectPassed(await rescanned(scans, "pod"), [ACCOUNT], 1);
    expect(started().answers.slice(answered)).toEqual([200]);
    // The session that had ended has no caller in the log.
    const readers = (await aws.requests({ service: "sagemaker" })).flatMap(({ caller }) => caller ?? []);
    expect(new Set(readers)).toEqual(new Set([`arn:aws:sts::${ACCOUNT}:assumed-role/Operator/test`]));
  });
});

describe("another token audience", () => {
  const stack = useTracedStack({ args: ["--token-audience=other.example"] });
  const withRole = (name: string, account: string) =>
    serviceAccountFor(
      { namespace: stack().namespace, name },
      `arn:aws:iam::${account}:role/Tenant`,
      stack().namespace,
    );
  const spec = { credentials: { serviceAccountName: "scanner" }, regions };

  it("is refused by an account that does not know it, and told", async () => {
    await withRole("scanner", ACCOUNT);
    const scan = await scanned(stack().scans, { name: "audience", spec });
    expectRefused(scan, "AssumeRoleWithWebIdentity");
    expect(condition(scan, "Ready").message).toContain("Incorrect token audience");
  });

  it("is taken by a role that wants it", async () => {
    await withRole("scanner", OTHER);
    expectPassed(await scanned(stack().scans, { name: "wanted", spec }), [OTHER], 1);
  });
});

describe("the log of these operators at trace", () => {
  it("holds nothing secret", () => {
    const lines = logged.flatMap((linesOf) => linesOf());
    expect(lines.length).toBeGreaterThan(logged.length * 5);
    expect(leaksIn(lines, [KEY.secretAccessKey, KEY.accessKeyId])).toEqual([]);
  });
});
