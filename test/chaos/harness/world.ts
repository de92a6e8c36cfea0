/** Where chaos happens: a namespace with scans, AWS, and operators that a kubelet keeps alive. */
import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { KubeClient } from "../../../src/kube/client.ts";
import type { Fleet } from "../../../tools/aws-simulator/fleet.ts";
import { seededRandom } from "../../../tools/aws-simulator/random.ts";
import { type RunningSimulator, type SimulatorAdmin, startSimulator } from "../../support/aws.ts";
import {
  type ClusterAccess,
  eventually,
  kubeconfigForServiceAccount,
  sharedCluster,
} from "../../support/cluster.ts";
import { FaultProxy } from "../../support/fault-proxy.ts";
import { adminKubeConfig } from "../../support/kube-client-harness.ts";
import { type SupervisedOperator, superviseOperator } from "../../support/kubelet.ts";
import { deployRbac } from "../../support/stack.ts";
import { serviceAccountFor } from "../../support/tenant.ts";
import { compliantOf, fleetFor, SCANNER, SCANNER_ROLE, SCANS } from "./fleet.ts";
import { differences } from "./metrics-audit.ts";
import { NAMESPACES } from "./namespaces.ts";
import { Observer } from "./observer.ts";
import { needlessScans, startedScans, untoldReads } from "./scan-counts.ts";
import { ChaosScans, unsettled } from "./scans.ts";
import { Truth } from "./truth.ts";
import { growth, type Usage, usageOf } from "./usage.ts";

/** What a scenario's world is made of. */
export interface WorldOptions {
  readonly cluster?: ClusterAccess;
  /** Operators at once; 1 by default. */
  readonly operators?: number;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What AWS holds; by default what {@link fleetFor} says. */
  readonly fleet?: (namespaces: readonly string[]) => Fleet;
  /** A namespace more, without scans, that the operators watch. */
  readonly withAnnex?: boolean;
}

/** What a scenario harms. */
export interface World {
  readonly namespace: string;
  /** The other namespace, where there is one. */
  readonly annex: string;
  readonly admin: KubeClient;
  readonly scans: ChaosScans;
  readonly aws: SimulatorAdmin;
  readonly simulator: RunningSimulator;
  readonly truth: Truth;
  /** Between the operators and the API server. */
  readonly proxy: FaultProxy;
  /** The first of them. */
  readonly operator: SupervisedOperator;
  readonly operators: readonly SupervisedOperator[];
  readonly observer: Observer;
  /** In [0, 1), the same for the same seed. */
  readonly random: () => number;
  /** Makes `namespace` one that may hold scans of the fleet. */
  admit(namespace: string): Promise<void>;
  /** Resolves when every scan has come to rest and says the truth; after one more scan of each where `anew`. */
  converge(how?: { readonly anew: boolean }): Promise<void>;
}

/** Of chance in scenarios: `CHAOS_SEED`, or another one every time. Told where a scenario fails. */
const SEED = Number(process.env["CHAOS_SEED"] ?? Date.now() % 1_000_000);
/** Far beyond what any convergence takes: back-off, and retries of 5 min at the most after long outages. */
const CONVERGENCE_MS = 240_000;
/** For a whole scenario, on a machine with ten times the work that it can do. */
export const SCENARIO_MS = 900_000;

/**
 * Runs `scenario` in a world of its own, which has come to rest before. Afterwards it must come to rest again by itself, and
 * every promise must have been kept all the time. Throws with all that was not so.
 */
export async function inWorld(
  options: WorldOptions,
  scenario: (world: World) => Promise<void>,
): Promise<void> {
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const world = await build(options, closers);
    try {
      await world.converge();
      const before = await Promise.all(world.operators.map(usage));
      await scenario(world);
      await world.converge({ anew: true });
      await verify(world, before);
    } catch (error) {
      throw new Error(account(world, error), { cause: error });
    }
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function build(options: WorldOptions, closers: (() => Promise<unknown>)[]): Promise<World> {
  const { cluster = sharedCluster(), operators: count = 1 } = options;
  const id = randomUUID().slice(0, 8);
  const namespace = `chaos-${id}`;
  const annex = `chaos-${id}-annex`;
  const namespaces = options.withAnnex ? [namespace, annex] : [namespace];
  const admin = new KubeClient(adminKubeConfig(cluster));
  closers.push(() => admin.close());
  const fleet = (options.fleet ?? fleetFor)(namespaces);
  const truth = new Truth(fleet);
  const kubeconfig = cluster.adminKubeconfigPath;
  const admit = async (name: string) => {
    await admin.create(NAMESPACES, {}, { metadata: { name } });
    await serviceAccountFor({ namespace: name, name: SCANNER, kubeconfig }, SCANNER_ROLE, namespace);
  };

  const { jwksPath, issuer } = cluster;
  const simulator = await startSimulator({ fleet, jwksPath, issuer });
  closers.push(() => simulator.stop());
  for (const name of namespaces) await admit(name);
  await deployRbac(namespace, kubeconfig);
  const proxy = await FaultProxy.start(cluster.url, Buffer.from(cluster.caData, "base64").toString());
  closers.push(() => proxy.stop());
  const setup = {
    kubeconfig: await proxiedKubeconfig(cluster, namespace, proxy),
    env: { AWS_ENDPOINT_URL: simulator.url, AWS_REGION: "us-east-1", ...options.env },
    args: [
      `--watch-namespaces=${namespaces.join()}`,
      // The Lease that deploy/rbac.yaml grants; without a name it would have one that tells the namespaces.
      "--leader-elect-resource-name=aws-account-scan-operator",
      "--shutdown-grace=1s",
      ...(options.args ?? []),
    ],
  };
  const operators = await Promise.all(Array.from({ length: count }, () => superviseOperator(setup)));
  closers.push(() => Promise.all(operators.map((operator) => operator.stop("SIGKILL"))));
  await Promise.all(operators.map((operator) => operator.ready()));

  const observer = new Observer(admin, truth);
  closers.push(() => observer.stop());
  observer.observe(namespaces, () => operators);
  const scans = new ChaosScans(admin);
  for (const [name, spec] of Object.entries(SCANS)) await scans.create(namespace, name, spec);
  const [operator] = operators;
  if (operator === undefined) throw new Error("a world needs an operator");
  const world: World = {
    namespace,
    annex,
    admin,
    scans,
    aws: simulator.client,
    simulator,
    truth,
    proxy,
    operator,
    operators,
    observer,
    random: seededRandom(SEED),
    admit,
    converge: ({ anew } = { anew: false }) => converge(world, namespaces, anew),
  };
  return world;
}

/** The operator's own kubeconfig, by way of the proxy. */
async function proxiedKubeconfig(
  cluster: ClusterAccess,
  namespace: string,
  proxy: FaultProxy,
): Promise<string> {
  const direct = await kubeconfigForServiceAccount(namespace, "aws-account-scan-operator", { cluster });
  const config = parse(await readFile(direct, "utf8")) as { clusters: { cluster: object }[] };
  // client-node takes plain HTTP only with this. There is no TLS here to verify.
  for (const entry of config.clusters)
    entry.cluster = { server: proxy.url, "insecure-skip-tls-verify": true };
  const path = join(cluster.dataDir, `${namespace}-proxied.kubeconfig`);
  await writeFile(path, stringify(config), { mode: 0o600 });
  return path;
}

async function converge(
  { scans, truth }: World,
  namespaces: readonly string[],
  anew: boolean,
): Promise<void> {
  const requested = new Map<string, string>();
  await eventually(
    async () => {
      const all = (await Promise.all(namespaces.map((namespace) => scans.list(namespace)))).flat();
      for (const { metadata } of all) {
        const uid = metadata.uid ?? "";
        if (anew && !requested.has(uid))
          requested.set(uid, await scans.request(metadata.namespace ?? "", metadata.name));
      }
      const open = all.flatMap((scan) => {
        const verdict = truth.now(scan.spec);
        const expected = { ...verdict, compliant: compliantOf(verdict) };
        return unsettled(scan, expected, requested.get(scan.metadata.uid ?? ""));
      });
      if (open.length > 0) throw new Error(open.join("\n"));
    },
    { describe: "every scan answers and says the truth", timeoutMs: CONVERGENCE_MS },
  );
}

async function usage(operator: SupervisedOperator): Promise<Usage> {
  if (operator.pid === undefined) throw new Error("no operator runs");
  return await usageOf(operator.pid);
}

/** What must be so at the end, or soon after. */
async function verify(world: World, before: readonly Usage[]): Promise<void> {
  const { operators, observer, scans, namespace, annex } = world;
  await eventually(
    async () => {
      const present = [...(await scans.list(namespace)), ...(await scans.list(annex))];
      const scrapes = await Promise.all(operators.map((operator) => operator.scrape()));
      const scanning = scrapes.filter((samples) =>
        samples.some(({ name, value }) => name === "awsaccountscan_leader" && value === 1),
      );
      if (scanning.length !== 1) throw new Error(`${scanning.length} operators scan`);
      const wrong = differences(scanning[0] ?? [], present);
      if (wrong.length > 0) throw new Error(wrong.join("\n"));
    },
    { describe: "the series are those of the statuses", timeoutMs: CONVERGENCE_MS },
  );
  await eventually(
    async () => {
      const now = await Promise.all(operators.map(usage));
      const grown = now.flatMap((usageNow, at) => growth(before[at] ?? usageNow, usageNow));
      if (grown.length > 0) throw new Error(grown.join(", "));
    },
    { describe: "memory and descriptors are back", timeoutMs: CONVERGENCE_MS },
  );
  const lines = operators.flatMap((operator) => operator.lines());
  const lives = operators.reduce((sum, { restarts }) => sum + restarts + 1, 0);
  const started = startedScans(lines);
  const broken = [
    ...observer.broken,
    ...operators.flatMap((operator) => operator.defects().map((line) => `a defect: ${line}`)),
    ...needlessScans(started, scans.causes, lives),
    ...untoldReads(await world.aws.requests(), started),
    ...(observer.scrapes === 0 ? ["nothing was ever scraped"] : []),
  ];
  if (broken.length > 0) throw new Error(`promises were broken:\n${broken.join("\n")}`);
}

function account({ operators, namespace, observer }: World, error: unknown): string {
  const told = operators.flatMap((operator) => operator.lines().slice(-40));
  return [
    `CHAOS_SEED=${SEED}, ${namespace}: ${error instanceof Error ? error.message : String(error)}`,
    ...observer.broken,
    `restarts: ${operators.map(({ restarts }) => restarts).join()}; the last lines of the operators:`,
    ...told,
  ].join("\n");
}
