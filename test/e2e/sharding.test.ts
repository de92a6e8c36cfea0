import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import { API_VERSION, SCAN } from "../../src/api/names.ts";
import { ownerOf } from "../../src/election/ring.ts";
import { KubeClient } from "../../src/kube/client.ts";
import { type RunningSimulator, startSimulator } from "../support/aws.ts";
import { eventually, ownControlPlane, useNamespace } from "../support/cluster.ts";
import { adminKubeConfig } from "../support/kube-client-harness.ts";
import { OPEN_NOTEBOOK } from "../support/open-notebook.ts";
import { type OperatorProcess, startOperator } from "../support/operator.ts";
import { serviceAccountFor } from "../support/tenant.ts";

const REGION = OPEN_NOTEBOOK.region;
/** A thousand, by `SHARDED_SCANS=1000`, take a minute on two cores. */
const SCANS = Number(process.env["SHARDED_SCANS"] ?? 150);

const cluster = ownControlPlane();
const namespace = useNamespace({ prefix: "shards", cluster });

let aws: RunningSimulator;
let client: KubeClient;
let kubeconfig: string;
const running = new Map<string, OperatorProcess>();

beforeAll(async () => {
  const { jwksPath, issuer, adminKubeconfigPath } = cluster();
  kubeconfig = adminKubeconfigPath;
  client = new KubeClient(adminKubeConfig(cluster()));
  aws = await startSimulator({ fleet: OPEN_NOTEBOOK.fleet(namespace), jwksPath, issuer });
  const account = { namespace, name: "scanner", kubeconfig };
  await serviceAccountFor(account, OPEN_NOTEBOOK.roleArn, namespace);
  const spec = {
    credentials: { serviceAccountName: "scanner" },
    regions: { include: [REGION] },
    interval: "24h",
  };
  const names = Array.from({ length: SCANS }, (_, n) => `scan-${n}`);
  const create = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop())
      await client.create(
        SCAN,
        { namespace },
        { apiVersion: API_VERSION, kind: SCAN.kind, metadata: { name }, spec },
      );
  };
  await Promise.all(Array.from({ length: 8 }, create));
}, 240_000);
afterAll(async () => {
  await Promise.all([...running.values()].map((operator) => operator.stop("SIGKILL")));
  await Promise.all([aws?.stop(), client?.close()]);
});

/** Replicas have the pods' names for hosts: they are in the identities that statuses show. */
async function start(pod: string): Promise<OperatorProcess> {
  const env = { AWS_ENDPOINT_URL: aws.url, AWS_REGION: REGION, HOSTNAME: pod };
  const args = [
    "--sharding",
    "--leader-elect-lease-duration=5s",
    "--leader-elect-renew-deadline=4s",
    "--leader-elect-retry-period=500ms",
    "--concurrent-scans=40",
    "--kube-api-qps=500",
    "--kube-api-burst=500",
  ];
  const operator = await startOperator({ kubeconfig, env, args });
  running.set(pod, operator);
  return operator;
}

async function allScans(): Promise<readonly AwsAccountScan[]> {
  const { items } = await client.list<AwsAccountScan>(SCAN, { namespace });
  return items;
}

const podOf = ({ status }: AwsAccountScan) => status?.owner?.identity.split("_")[0] ?? "nobody";
const byName = (scans: readonly AwsAccountScan[]) => new Map(scans.map((scan) => [scan.metadata.name, scan]));

/** As its log says it. */
function identityOf(pod: string): string {
  const line = running.get(pod)?.lines.find((each) => each.includes(`"identity":"${pod}_`));
  if (line === undefined) throw new Error(`${pod} has not said who it is`);
  return (JSON.parse(line) as { identity: string }).identity;
}

/** The scans once each is the one's of `pods` to whom it falls, by its status and by its series, and nothing runs. */
async function settledOn(...pods: string[]): Promise<readonly AwsAccountScan[]> {
  return eventually(
    async () => {
      const scans = await allScans();
      const shown: string[] = [];
      for (const pod of pods) {
        const series = (await running.get(pod)?.scrape("awsaccountscan_violation_info")) ?? [];
        shown.push(...series.map(({ labels }) => `${labels["scan"]} of ${pod}`));
      }
      const held = scans.map((scan) => `${scan.metadata.name} of ${podOf(scan)}`);
      expect(shown.length).toBe(SCANS);
      expect(new Set(shown)).toEqual(new Set(held));
      const members = pods.map(identityOf);
      const strays = scans.filter(
        ({ metadata: { uid }, status }) => status?.owner?.identity !== ownerOf(members, uid),
      );
      expect(strays.length).toBe(0);
      const atWork = scans.filter(
        ({ status }) => status?.lastScan === undefined || status.currentScan !== undefined,
      );
      expect(atWork.length).toBe(0);
      return scans;
    },
    { describe: `every scan is owned by one of ${pods.join(", ")}`, timeoutMs: 240_000 },
  );
}

/** What moved between two looks, each with its way. What did not is the same process's by the same claim. */
function moves(before: readonly AwsAccountScan[], after: readonly AwsAccountScan[]): string[] {
  const known = byName(before);
  for (const scan of after) {
    const { status } = known.get(scan.metadata.name) ?? scan;
    if (status?.owner?.identity === scan.status?.owner?.identity)
      expect(scan.status?.owner).toEqual(status?.owner);
  }
  return after
    .map((scan) => [podOf(known.get(scan.metadata.name) ?? scan), podOf(scan)])
    .filter(([from, to]) => from !== to)
    .map((way) => way.join(" to "));
}

const shares = (scans: readonly AwsAccountScan[]) =>
  [...Map.groupBy(scans, podOf)].map(([, own]) => own.length / SCANS);

/** Lists of notebooks: one for each scan that was made. */
const scansMade = async () => (await aws.client.requests({ operation: "ListNotebookInstances" })).length;

describe("three replicas that share the scans", () => {
  it("have each scan scanned by one of them, and shown by that one alone", { timeout: 300_000 }, async () => {
    await Promise.all(["one", "two", "three"].map(start));
    const scans = await settledOn("one", "two", "three");
    // Whoever comes first begins with what falls to others: what they find running is left to it, but for a moment's overlap.
    expect(await scansMade()).toBeGreaterThanOrEqual(SCANS);
    expect(await scansMade()).toBeLessThan(1.1 * SCANS);
    expect(shares(scans)).toHaveLength(3);
    expect(Math.min(...shares(scans))).toBeGreaterThan(0.15);
    for (const { status } of scans) expect(status?.summary?.violations).toBe(1);
  });

  it("move nothing but the share of one that goes or comes, and scan nothing anew for it", {
    timeout: 600_000,
  }, async () => {
    const three = await settledOn("one", "two", "three");
    const made = await scansMade();
    await running.get("two")?.stop("SIGKILL");
    const two = await settledOn("one", "three");
    const fled = moves(three, two);
    expect(fled).toHaveLength(three.filter((scan) => podOf(scan) === "two").length);
    expect(new Set(fled)).toEqual(new Set(["two to one", "two to three"]));

    await start("four");
    const again = await settledOn("one", "three", "four");
    expect(new Set(moves(two, again))).toEqual(new Set(["one to four", "three to four"]));

    await running.get("four")?.stop("SIGTERM");
    const left = await settledOn("one", "three");
    expect(new Set(moves(again, left))).toEqual(new Set(["four to one", "four to three"]));

    expect(await scansMade()).toBe(made);
    const ages = byName(three);
    for (const { metadata, status } of left)
      expect(status?.violations?.[0]?.firstSeen).toBe(
        ages.get(metadata.name)?.status?.violations?.[0]?.firstSeen,
      );
  });
});
