import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { mintServiceAccountToken } from "../../tools/control-plane/service-account-token.ts";
import { applyYaml, eventually, getJson, sharedCluster, useNamespace } from "../support/cluster.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { scansIn, settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";
import { serviceAccountFor } from "../support/tenant.ts";

const ACCOUNT = "111111111111";
const HUNG = "222222222222";
const QPS = 10;
const BURST = 5;
/** Scans of the namespace that has many. */
const MANY = 16;

/** The namespace that has one scan. */
const lone = useNamespace({ prefix: "lone" });

function fleet(namespace: string): Fleet {
  const subjects = [namespace, lone].map((each) => `system:serviceaccount:${each}:scanner`);
  return {
    accounts: [ACCOUNT, HUNG].map((id) => ({
      id,
      name: id,
      enabledRegions: ["us-east-1"],
      roles: [{ name: "Hub", trust: { webIdentity: { subjects } } }],
      regions: { "us-east-1": { notebooks: [{ name: "closed", directInternetAccess: "Disabled" }] } },
    })),
  };
}

let proxy: FaultProxy;
afterAll(() => proxy?.stop());

const stack = useStack({
  fleet,
  watch: [lone],
  args: ["--concurrent-scans=2", "--shutdown-grace=1s", `--kube-api-qps=${QPS}`, `--kube-api-burst=${BURST}`],
  lateEnv: async ({ namespace }) => ({ KUBECONFIG: await countedKubeconfig(namespace) }),
});

/** The operator's own, by way of a proxy that counts. */
async function countedKubeconfig(namespace: string): Promise<string> {
  const cluster = sharedCluster();
  proxy = await FaultProxy.start(cluster.url, Buffer.from(cluster.caData, "base64").toString());
  const token = await mintServiceAccountToken(cluster, namespace, "aws-account-scan-operator", {
    expirationSeconds: 3_600,
  });
  const path = join(cluster.dataDir, `${namespace}-counted.kubeconfig`);
  const one = (facts: object) => [{ name: "one", ...facts }];
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    // client-node takes plain HTTP only so. There is no TLS here to verify.
    clusters: one({ cluster: { server: proxy.url, "insecure-skip-tls-verify": true } }),
    users: one({ user: { token } }),
    contexts: one({ context: { cluster: "one", user: "one", namespace } }),
    "current-context": "one",
  };
  await writeFile(path, JSON.stringify(kubeconfig), { mode: 0o600 });
  return path;
}

const spec = { credentials: { serviceAccountName: "scanner" }, regions: { include: ["us-east-1"] } };

async function withScanners(account: string): Promise<void> {
  const { namespace } = stack();
  for (const where of [namespace, lone])
    await serviceAccountFor(
      { namespace: where, name: "scanner" },
      `arn:aws:iam::${account}:role/Hub`,
      namespace,
    );
}

/** Creates scans in their order, all by one command. */
async function create(scans: readonly (readonly [namespace: string, name: string])[], more = {}) {
  const items = scans.map(([namespace, name]) => ({
    apiVersion: "awsaccountscan.dev/v1alpha1",
    kind: "AwsAccountScan",
    metadata: { namespace, name },
    spec: { ...spec, ...more },
  }));
  await applyYaml(JSON.stringify({ apiVersion: "v1", kind: "List", items }));
}

async function scansOf(namespace: string): Promise<readonly AwsAccountScan[]> {
  return (await getJson<{ items: AwsAccountScan[] }>(["aas"], { namespace })).items;
}

/** The scans that have begun, in their order, as `namespace/name`. */
function begun(): string[] {
  return stack()
    .operator.lines.filter((line) => line.includes('"msg":"scan started"'))
    .map((line) => JSON.parse(line) as { namespace: string; scan: string })
    .map(({ namespace, scan }) => `${namespace}/${scan}`);
}

describe("more scans than there are slots", () => {
  it("begin in turns of their namespaces, late by what their own one asks for, and spare the API server", async () => {
    const { namespace, operator, aws } = stack();
    await withScanners(ACCOUNT);
    await aws.setSettings({ latencyMs: 300 });
    const before = proxy.arrivals.length;
    const since = performance.now();
    const many = Array.from({ length: MANY }, (_, n) => [namespace, `many-${n}`] as const);
    await create([...many, [lone, "only"]], { interval: "1h" });
    await eventually(async () => [...(await scansOf(namespace)), ...(await scansOf(lone))].forEach(settled), {
      describe: "every scan has been scanned",
      timeoutMs: 120_000,
    });
    await aws.setSettings({ latencyMs: 0 });

    // Whoever came last would have been begun last.
    const order = begun();
    expect([...new Set(order)]).toHaveLength(MANY + 1);
    expect(order.indexOf(`${lone}/only`)).toBeLessThan(MANY / 2);

    const lags = await operator.scrape("awsaccountscan_schedule_lag_seconds");
    const lagsOf = (where: string) =>
      lags.filter(({ labels }) => labels["namespace"] === where).map(({ value }) => value);
    expect(lagsOf(namespace)).toHaveLength(MANY);
    expect(lagsOf(lone)).toHaveLength(1);
    expect(Math.max(...lagsOf(lone))).toBeLessThan(Math.max(...lagsOf(namespace)) / 2);

    // What has arrived was sent before: no more than the bucket held, and what has come into it since.
    const arrivals = proxy.arrivals.slice(before);
    expect(arrivals.length).toBeGreaterThan(5 * MANY);
    const tooEarly = arrivals.filter((at, n) => n + 1 > BURST + 1 + (QPS * (at - since)) / 1_000);
    expect(tooEarly).toEqual([]);

    // And the herd has dispersed.
    const next = (await scansOf(namespace)).map(({ status }) => status?.nextScanTime);
    expect(new Set(next).size).toBeGreaterThan(MANY / 2);
  });
});

describe("scans that hang", () => {
  it("do not keep another namespace's scan from running, though they have every slot", async () => {
    const { namespace, aws, operator } = stack();
    await withScanners(HUNG);
    await aws.setFaults({ kind: "hang", account: HUNG, service: "sagemaker" });
    const hanging = ["hanging-0", "hanging-1", "hanging-2"];
    await create(
      hanging.map((name) => [namespace, name] as const),
      { timeout: "10m" },
    );
    const running = async () =>
      (await scansOf(namespace)).filter(({ status }) => status?.currentScan !== undefined);
    await eventually(async () => expect(await running()).toHaveLength(2), {
      describe: "both slots are taken",
      timeoutMs: 60_000,
    });
    await serviceAccountFor(
      { namespace: lone, name: "scanner" },
      `arn:aws:iam::${ACCOUNT}:role/Hub`,
      namespace,
    );
    const scans = scansIn(lone);
    const token = await scans.request("only");
    await scans.until("only", "scanned beside them", (scan) => {
      settled(scan);
      expect(scan.status?.lastHandledReconcileAt).toBe(token);
    });
    expect(await running()).toHaveLength(2);
    const waiting = hanging.filter((name) => !begun().includes(`${namespace}/${name}`));
    expect(waiting).toHaveLength(1);
    const lagOf = async (labels: Record<string, string>) =>
      (await operator.scrape("awsaccountscan_schedule_lag_seconds", labels))[0]?.value ?? Number.NaN;
    expect(await lagOf({ namespace, scan: waiting[0] ?? "" })).toBeGreaterThan(
      await lagOf({ namespace: lone, scan: "only" }),
    );
    await aws.setFaults();
  });
});
