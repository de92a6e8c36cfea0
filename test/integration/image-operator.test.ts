import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mintServiceAccountToken } from "../../tools/control-plane/service-account-token.ts";
import { type Container, runContainer } from "../../tools/image/container.ts";
import { type RunningSimulator, startSimulator } from "../support/aws.ts";
import { eventually, sharedCluster, useNamespace } from "../support/cluster.ts";
import { useImage } from "../support/image.ts";
import { condition, scansIn, settled } from "../support/scans.ts";
import { deployRbac } from "../support/stack.ts";
import { serviceAccountFor } from "../support/tenant.ts";

const ACCOUNT = "111111111111";
const OPERATOR = "aws-account-scan-operator";

const namespace = useNamespace({ prefix: "image" });
const image = useImage();
const scans = scansIn(namespace);
let folder: string;
let aws: RunningSimulator;

beforeAll(async () => {
  const { adminKubeconfigPath, caData, jwksPath, issuer } = sharedCluster();
  folder = await mkdtemp(join(tmpdir(), "service-account-"));
  const trust = { webIdentity: { subjects: [`system:serviceaccount:${namespace}:scanner`] } };
  const region = { notebooks: [{ name: "open", directInternetAccess: "Enabled" as const }] };
  const account = {
    id: ACCOUNT,
    name: "one",
    enabledRegions: ["us-east-1"],
    roles: [{ name: "Hub", trust }],
  };
  const fleet = { accounts: [{ ...account, regions: { "us-east-1": region } }] };
  aws = await startSimulator({ fleet, jwksPath, issuer });
  await deployRbac(namespace, adminKubeconfigPath);
  await serviceAccountFor(
    { namespace, name: "scanner", kubeconfig: adminKubeconfigPath },
    `arn:aws:iam::${ACCOUNT}:role/Hub`,
    namespace,
  );
  // What the kubelet puts there, readable by the container's user.
  const token = await mintServiceAccountToken(sharedCluster(), namespace, OPERATOR, {
    expirationSeconds: 3600,
  });
  await mkdir(join(folder, "mounted"), { mode: 0o755 });
  for (const [name, content] of Object.entries({ token, namespace, "ca.crt": Buffer.from(caData, "base64") }))
    await writeFile(join(folder, "mounted", name), content, { mode: 0o644 });
});
afterAll(async () => {
  await aws?.stop();
  await rm(folder, { recursive: true });
});

/** The operator as a pod of the Deployment has it: its token mounted, the API server by the environment. */
function startOperator(): Container & { readonly lines: readonly string[] } {
  const { hostname, port } = new URL(sharedCluster().url);
  const container = runContainer(image(), {
    args: [
      "operator",
      "--metrics-port=0",
      "--health-port=0",
      `--watch-namespaces=${namespace}`,
      // The Lease that deploy/rbac.yaml grants, as deploy/operator.yaml has it.
      "--leader-elect-resource-name=aws-account-scan-operator",
    ],
    env: {
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: "us-east-1",
    },
    serviceAccount: join(folder, "mounted"),
  });
  const lines: string[] = [];
  for (const stream of [container.child.stdout, container.child.stderr])
    createInterface(stream).on("line", (line) => lines.push(line));
  return { ...container, lines };
}

function healthPort(lines: readonly string[]): number {
  const line = lines.find((candidate) => candidate.includes('"server":"health"'));
  if (line === undefined) throw new Error(`no health server in the log:\n${lines.join("\n")}`);
  return (JSON.parse(line) as { port: number }).port;
}

describe("the operator in the image", () => {
  it("gets ready, scans to the end, and ends by SIGTERM, with nothing but the image's files", async () => {
    const { child, pid, lines } = startOperator();
    try {
      await eventually(
        async () => {
          const answer = await fetch(`http://127.0.0.1:${healthPort(lines)}/readyz`);
          if (!answer.ok) throw new Error(`${await answer.text()}\n${lines.join("\n")}`);
        },
        { describe: "the operator is ready", timeoutMs: 60_000 },
      );
      const spec = { credentials: { serviceAccountName: "scanner" }, regions: { include: ["us-east-1"] } };
      await scans.apply({ name: "from-image", spec });
      const scan = await scans.until("from-image", "scanned", settled);
      expect(condition(scan, "Complete")).toMatchObject({ status: "True" });
      expect(scan.status?.violations?.map(({ name }) => name)).toEqual(["open"]);

      process.kill(await pid(), "SIGTERM");
      const [code] = await once(child, "exit");
      expect(code).toBe(0);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
