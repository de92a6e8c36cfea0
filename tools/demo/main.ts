/**
 * The whole product on one machine: a real kube-apiserver, AWS played by the simulator, the operator as a process with
 * the permissions that it has in a cluster. Stays until Ctrl-C; with ONCE=1 it ends by itself.
 */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { resolveBinaries } from "../control-plane/binaries.ts";
import { type ControlPlane, startControlPlane } from "../control-plane/control-plane.ts";
import { kubectlOrThrow } from "../control-plane/kubectl.ts";
import { mintServiceAccountToken } from "../control-plane/service-account-token.ts";
import type { Alerting } from "../monitoring/alerting.ts";
import { DEMO_FLEET, DENIED } from "./fleet.ts";
import { firstPage, watchOperator } from "./monitoring.ts";
import { type Running, startProcess } from "./process.ts";
import { type Addresses, PLUGIN, showPage, showResults } from "./show.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OPERATOR_NAMESPACE = "aws-account-scan-system";

const CRDS = ["awsaccountscans.awsaccountscan.dev", "awsaccountscanreports.awsaccountscan.dev"];

const once = process.env["ONCE"] === "1";
const running: { stop(): Promise<unknown> }[] = [];

try {
  await demo();
  if (!once) await untilInterrupted();
} finally {
  for (const part of running.reverse()) await part.stop();
}

async function demo(): Promise<void> {
  step("Starting a control plane: etcd and kube-apiserver");
  const cluster = await startControlPlane({ binaries: await resolveBinaries() });
  running.push(cluster);
  const kubectl = async (...args: string[]) =>
    (await kubectlOrThrow(args, { kubeconfig: cluster.adminKubeconfigPath })).stdout;

  step("Installing: kubectl apply -k deploy (there is no kubelet here to run the Deployment)");
  await kubectl("apply", "--server-side", "-k", join(ROOT, "deploy"));
  await kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd", ...CRDS);

  step("Starting AWS: a simulator with 3 accounts, 4 regions, 60 notebook instances, 5 domains");
  const aws = await startAws(cluster);

  step("Starting the operator, with the permissions of deploy/rbac.yaml and no others");
  const operator = await startOperator(cluster, aws.url);

  const alerting = await watch(operator.metrics);

  step("A tenant applies tools/demo/manifests.yaml, and lets the operator act as its ServiceAccount");
  await kubectl("create", "namespace", "team-ml");
  await kubectl("apply", "--server-side", "-n", "team-ml", "-f", join(ROOT, "deploy/tenant-rbac.yaml"));
  await kubectl("apply", "--server-side", "-f", join(ROOT, "tools/demo/manifests.yaml"));
  await kubectl("wait", "aas", "--all", "-n", "team-ml", "--for=condition=Ready", "--timeout=60s");

  const plugin = (...args: string[]) => runPlugin(args, cluster.adminKubeconfigPath);
  await showResults({ kubectl, plugin, kubeconfig: cluster.adminKubeconfigPath, aws: aws.url, ...operator });
  if (alerting === undefined) return;
  const page = await firstPage(alerting, {
    alertname: "NotebookDirectInternetAccess",
    scan: "ml-platform",
  });
  showPage(page, { prometheus: alerting.prometheus.url, alertmanager: alerting.alertmanager.url });
}

/** Nothing else of the demo depends on it: where an old program of PATH does not start, the demo goes on. */
async function watch(metrics: string): Promise<Alerting | undefined> {
  try {
    const alerting = await watchOperator(metrics);
    if (alerting === undefined) {
      step("No Prometheus and Alertmanager at hand to show a page by: make monitoring builds them, once");
      return undefined;
    }
    step(
      "Started Prometheus and Alertmanager with deploy/'s rules and routes, at a tenth of a second for a minute",
    );
    running.push(alerting);
    return alerting;
  } catch (error) {
    step(`No page to show: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function startAws(cluster: ControlPlane): Promise<{ readonly url: string }> {
  const fleet = join(cluster.dataDir, "fleet.json");
  await writeFile(fleet, JSON.stringify(DEMO_FLEET));
  const script = join(ROOT, "tools/aws-simulator/main.ts");
  const args = [
    script,
    "--port=0",
    `--fleet=${fleet}`,
    `--jwks=${cluster.jwksPath}`,
    `--issuer=${cluster.issuer}`,
  ];
  const log = join(cluster.dataDir, "aws.log");
  const simulator = await startProcess(args, {}, log, (line) =>
    line.includes('"url"') ? (JSON.parse(line) as { url: string }) : undefined,
  );
  running.push(simulator);
  const { url } = simulator.ready;
  const denied = { ...DENIED, service: "sagemaker", kind: "scp-deny" };
  const answer = await fetch(`${url}/_simulator/faults`, { method: "PUT", body: JSON.stringify([denied]) });
  if (!answer.ok) throw new Error(`the simulator refused its faults: ${await answer.text()}`);
  return { url };
}

async function startOperator(
  cluster: ControlPlane,
  awsUrl: string,
): Promise<Pick<Addresses, "metrics" | "health" | "log">> {
  const token = await mintServiceAccountToken(cluster, OPERATOR_NAMESPACE, "aws-account-scan-operator", {
    expirationSeconds: 24 * 3_600,
  });
  const kubeconfig = await cluster.kubeconfigFor({ token, namespace: OPERATOR_NAMESPACE });
  const log = join(cluster.dataDir, "operator.log");
  const ports = new Map<string, number>();
  const operator: Running<Map<string, number>> = await startProcess(
    [join(ROOT, "dist/awsscan.js"), "operator", "--metrics-port=0", "--health-port=0"],
    { KUBECONFIG: kubeconfig, AWS_ENDPOINT_URL: awsUrl, AWS_REGION: "us-east-1" },
    log,
    (line) => {
      const { server, port } = JSON.parse(line) as { server?: string; port?: number };
      if (server !== undefined && port !== undefined) ports.set(server, port);
      return ports.size === 2 ? ports : undefined;
    },
  );
  running.push(operator);
  const address = (server: string) => `http://127.0.0.1:${ports.get(server)}`;
  return { metrics: `${address("metrics")}/metrics`, health: `${address("health")}/readyz`, log };
}

/** Violations are no failure here, though the exit code tells of them. */
function runPlugin(args: readonly string[], kubeconfig: string): Promise<string> {
  return new Promise((resolve) => {
    const env = { ...process.env, KUBECONFIG: kubeconfig };
    execFile(process.execPath, [PLUGIN, ...args], { env }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}

function untilInterrupted(): Promise<void> {
  console.log("\nRunning until Ctrl-C.");
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

function step(text: string): void {
  console.log(`\x1b[1m==> ${text}\x1b[0m`);
}
