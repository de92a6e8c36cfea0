/** The clusters that documentation begins with; see `tools/docs/marks.ts`. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { resolveBinaries } from "../../tools/control-plane/binaries.ts";
import { startControlPlane } from "../../tools/control-plane/control-plane.ts";
import { DEMO_FLEET, DENIED } from "../../tools/demo/fleet.ts";
import type { Scene } from "../../tools/docs/marks.ts";
import { helm } from "../../tools/helm/helm.ts";
import { prometheusOperatorCrds } from "../../tools/prometheus-operator/crds.ts";
import { startSimulator } from "./aws.ts";
import { awsEnvironment, CALLER } from "./cli-aws.ts";
import { kubeconfigForServiceAccount, kubectl } from "./cluster.ts";
import { applyCrds } from "./cluster-crds.ts";
import { startDocsKubelet } from "./docs-kubelet.ts";
import { installReportsApi } from "./open-reports.ts";
import { startOperator } from "./operator.ts";

/** What a block's commands find in their environment, until {@link stop}. */
export interface RunningScene {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PREVIOUS = join(ROOT, "test/integration/chart/releases/aws-account-scan-operator-0.1.0.tgz");
const SYSTEM = "aws-account-scan-system";

/** The account of the README's examples, which is the organization's too. */
const CALLERS_ACCOUNT = "123456789012";

export function startScene(scene: Scene): Promise<RunningScene> {
  return { installed, empty, previous }[scene]();
}

/** The demo's accounts, and one that whoever types the commands has keys of. */
const FLEET: Fleet = {
  accounts: [
    ...DEMO_FLEET.accounts,
    {
      id: CALLERS_ACCOUNT,
      name: "ml-shared",
      enabledRegions: ["us-east-1", "eu-west-1", "eu-central-1"],
      accessKeys: [CALLER],
      roles: [{ name: "ComplianceScan", trust: { principals: [CALLERS_ACCOUNT] } }],
      regions: {
        "us-east-1": { notebooks: [{ name: "research", directInternetAccess: "Enabled" }] },
        "eu-west-1": {
          domains: [{ id: "d-studio", name: "studio", appNetworkAccessType: "PublicInternetOnly" }],
        },
      },
    },
  ],
  organization: {
    id: "o-example",
    managementAccount: CALLERS_ACCOUNT,
    root: { id: "r-root", name: "Root", accounts: [CALLERS_ACCOUNT] },
  },
};

async function empty(): Promise<RunningScene> {
  const cluster = await startControlPlane({ binaries: await resolveBinaries() });
  return { env: { KUBECONFIG: cluster.adminKubeconfigPath }, stop: () => cluster.stop() };
}

async function previous(): Promise<RunningScene> {
  const scene = await empty();
  const kubeconfig = scene.env["KUBECONFIG"] ?? "";
  const release = [
    "install",
    "aws-account-scan-operator",
    PREVIOUS,
    "--namespace",
    SYSTEM,
    "--create-namespace",
  ];
  const { code, stderr } = await helm(release, { kubeconfig });
  if (code !== 0) throw new Error(stderr);
  await kubectl(["apply", `--filename=${ROOT}deploy/samples/minimal.yaml`], { kubeconfig });
  return scene;
}

async function installed(): Promise<RunningScene> {
  const parts: { stop(): Promise<unknown> }[] = [];
  const cluster = await startControlPlane({ binaries: await resolveBinaries() });
  parts.push(cluster);
  const kubeconfig = cluster.adminKubeconfigPath;
  const run = (...args: string[]) => kubectl(args, { kubeconfig });
  await applyCrds(cluster, await prometheusOperatorCrds());
  await installReportsApi(kubeconfig);
  await run("apply", "--server-side", "-f", `${ROOT}deploy/install.yaml`);
  for (const namespace of ["team-ml", "compliance", "monitoring"])
    await run("create", "namespace", namespace);
  await run("apply", "-n", "team-ml", "-f", `${ROOT}deploy/tenant-rbac.yaml`);

  const { jwksPath, issuer } = cluster;
  const simulator = await startSimulator({ fleet: FLEET, jwksPath, issuer });
  parts.push(simulator);
  await simulator.client.setFaults({ ...DENIED, service: "sagemaker", kind: "scp-deny" });
  const operator = await startOperator({
    kubeconfig: await kubeconfigForServiceAccount(SYSTEM, "aws-account-scan-operator", { cluster }),
    env: { AWS_ENDPOINT_URL: simulator.url, AWS_REGION: "us-east-1" },
  });
  parts.push(operator);
  parts.push(await startDocsKubelet(cluster, () => operator.lines));
  await run("apply", "-f", `${ROOT}tools/demo/manifests.yaml`);
  await run("wait", "aas", "--all", "-n", "team-ml", "--for=condition=Ready", "--timeout=60s");
  const env = { ...awsEnvironment(simulator.url), KUBECONFIG: kubeconfig };
  return {
    env,
    async stop() {
      for (const part of parts.reverse()) await part.stop();
    },
  };
}

/** Files that commands of several pages take for the reader's own. */
export async function giveFiles(folder: string): Promise<void> {
  const scan = {
    apiVersion: "awsaccountscan.dev/v1alpha1",
    kind: "AwsAccountScan",
    metadata: { name: "own-account" },
    spec: { regions: { include: ["us-east-1"] } },
  };
  await writeFile(join(folder, "scan.yaml"), JSON.stringify(scan));
}
