/** Where chaos happens: a namespace with scans, AWS, and operators that a kubelet keeps alive. */
import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import { KubeClient } from "../../../src/kube/client.ts";
import type { Fleet } from "../../../tools/aws-simulator/fleet.ts";
import { seededRandom } from "../../../tools/aws-simulator/random.ts";
import type { SimulatorAdmin } from "../../support/aws.ts";
import {
  applyYaml,
  type ClusterAccess,
  eventually,
  kubeconfigForServiceAccount,
  sharedCluster,
} from "../../support/cluster.ts";
import { FaultProxy } from "../../support/fault-proxy.ts";
import { adminKubeConfig } from "../../support/kube-client-harness.ts";
import { type SupervisedOperator, superviseOperator } from "../../support/kubelet.ts";
import type { OperatorSetup } from "../../support/operator.ts";
import { deployRbac } from "../../support/stack.ts";
import { serviceAccountFor } from "../../support/tenant.ts";
import { ChaosAws } from "./aws.ts";
import { compliantOf, fleetFor, SCANNER, SCANNER_ROLE, SCANS } from "./fleet.ts";
import { differences, shared } from "./metrics-audit.ts";
import { NAMESPACES } from "./namespaces.ts";
import { Observer } from "./observer.ts";
import { needlessScans, startedScans, untoldReads } from "./scan-counts.ts";
import { ChaosScans, unsettled } from "./scans.ts";
import { Truth } from "./truth.ts";
import { growth, most, type Usage, usageOf } from "./usage.ts";

/** What a scenario's world is made of. */
export interface WorldOptions {
  readonly cluster?: ClusterAccess;
  /** Operators at once; 1 by default. */
  readonly operators?: number;
  /** They share the scans, in place of one that leads. */
  readonly sharding?: boolean;
  /** How they are run; see {@link OperatorSetup}. */
  readonly launcher?: OperatorSetup["launcher"];
  readonly logFile?: OperatorSetup["logFile"];
  /** Some of what they log gets lost, and says nothing about how often they scanned. */
  readonly losesLines?: boolean;
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
  readonly simulator: ChaosAws;
  readonly truth: Truth;
  /** Between the first operator and the API server. */
  readonly proxy: FaultProxy;
  /** Each operator's own. */
  readonly proxies: readonly FaultProxy[];
  /** The first of them. */
  readonly operator: SupervisedOperator;
  readonly operators: readonly SupervisedOperator[];
  readonly observer: Observer;
  /** In [0, 1), the same for the same seed. */
  readonly random: () => number;
  /** Makes `namespace` one that may hold scans of the fleet. */
  admit(namespace: string): Promise<void>;
  /** One operator more. */
  join(): Promise<SupervisedOperator>;
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
      const before = most(await Promise.all(world.operators.map(usage)));
      await scenario(world);
      await world.converge({ anew: true });
      await verify(world, before, options);
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
  const simulator = await ChaosAws.start({ fleet, jwksPath, issuer });
  closers.push(() => simulator.stop());
  for (const name of namespaces) await admit(name);
  await deployRbac(namespace, kubeconfig);
  if (options.sharding) await applyYaml(memberLeases(namespace), { kubeconfig });
  const direct = await kubeconfigForServiceAccount(namespace, "aws-account-scan-operator", { cluster });
  const ca = Buffer.from(cluster.caData, "base64").toString();
  const args = [
    `--watch-namespaces=${namespaces.join()}`,
    // The name that deploy/rbac.yaml admits.
    "--leader-elect-resource-name=aws-account-scan-operator",
    "--shutdown-grace=1s",
    ...(options.sharding ? ["--sharding"] : []),
    ...(options.args ?? []),
  ];
  const { launcher, logFile } = options;
  const observer = new Observer(admin, truth, !options.sharding);
  const operators: SupervisedOperator[] = [];
  const proxies: FaultProxy[] = [];
  const join = async () => {
    const proxy = await FaultProxy.start(cluster.url, ca);
    closers.push(() => proxy.stop());
    const operator = await superviseOperator({
      kubeconfig: await proxiedKubeconfig(direct, proxy),
      env: { AWS_ENDPOINT_URL: simulator.url, AWS_REGION: "us-east-1", ...options.env },
      args,
      launcher,
      logFile,
    });
    closers.push(() => operator.stop("SIGKILL"));
    proxies.push(proxy);
    operators.push(operator);
    observer.scrape(operator);
    await operator.ready();
    return operator;
  };
  closers.push(() => observer.stop());
  for (const name of namespaces) observer.observe(name);
  const operator = await join();
  await Promise.all(Array.from({ length: count - 1 }, join));
  const [proxy] = proxies;
  if (proxy === undefined) throw new Error("an operator has a proxy");
  const scans = new ChaosScans(admin);
  for (const [name, spec] of Object.entries(SCANS)) await scans.create(namespace, name, spec);
  const world: World = {
    namespace,
    annex,
    admin,
    scans,
    aws: simulator.client,
    simulator,
    truth,
    proxy,
    proxies,
    operator,
    operators,
    observer,
    random: seededRandom(SEED),
    admit,
    join,
    converge: ({ anew } = { anew: false }) => converge(world, namespaces, anew),
  };
  return world;
}

/** As `deploy/components/sharding` has it: each process has a Lease whose name nobody knows before. */
function memberLeases(namespace: string): string {
  return JSON.stringify({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { namespace, name: "aws-account-scan-operator-leases" },
    rules: [
      {
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
        verbs: ["get", "list", "watch", "create", "update", "delete"],
      },
    ],
  });
}

/** The kubeconfig at `direct`, by way of the proxy. */
async function proxiedKubeconfig(direct: string, proxy: FaultProxy): Promise<string> {
  const config = parse(await readFile(direct, "utf8")) as { clusters: { cluster: object }[] };
  // client-node takes plain HTTP only with this. There is no TLS here to verify.
  for (const entry of config.clusters)
    entry.cluster = { server: proxy.url, "insecure-skip-tls-verify": true };
  const path = `${direct}.${new URL(proxy.url).port}`;
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
async function verify(
  world: World,
  before: Usage,
  { sharding = false, losesLines = false }: WorldOptions,
): Promise<void> {
  const { operators, observer, scans, namespace, annex } = world;
  const running = operators.filter((operator) => !operator.stopped);
  await eventually(
    async () => {
      const present = [...(await scans.list(namespace)), ...(await scans.list(annex))];
      const scrapes = await Promise.all(running.map((operator) => operator.scrape()));
      const scanning = scrapes.filter((samples) =>
        samples.some(({ name, value }) => name === "awsaccountscan_leader" && value === 1),
      );
      const most = sharding ? running.length : 1;
      if (scanning.length !== most) throw new Error(`${scanning.length} operators scan, not ${most}`);
      const wrong = [...differences(scrapes.flat(), present), ...shared(scrapes)];
      if (wrong.length > 0) throw new Error(wrong.join("\n"));
    },
    { describe: "the series are those of the statuses", timeoutMs: CONVERGENCE_MS },
  );
  await eventually(
    async () => {
      const grown = await Promise.all(running.map(async (operator) => growth(before, await usage(operator))));
      if (grown.flat().length > 0) throw new Error(grown.flat().join(", "));
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
    ...(losesLines ? [] : untoldReads(await world.aws.requests(), started, world.simulator.lost)),
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
