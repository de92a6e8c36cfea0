/** What the operator runs in: a real API server and a simulated AWS, each a process of its own. */

import { setTimeout as sleep } from "node:timers/promises";
import { type RunningSimulator, startSimulator } from "../../test/support/aws.ts";
import { applyCrds } from "../../test/support/cluster-crds.ts";
import type { OperatorSetup } from "../../test/support/operator.ts";
import { resolveBinaries } from "../../tools/control-plane/binaries.ts";
import { type ControlPlane, startControlPlane } from "../../tools/control-plane/control-plane.ts";
import { kubectlOrThrow } from "../../tools/control-plane/kubectl.ts";
import { entryOf, fleetOf, HOME, KEYS, type Shape } from "../support/fleet.ts";
import type { CallsJob } from "./calls.ts";

/** Of each scan: an account of its own, entered by a role, and this many notebooks in one region of it. */
export interface WorldShape {
  readonly scans: number;
  readonly notebooks: number;
}

export interface World {
  readonly cluster: ControlPlane;
  readonly aws: RunningSimulator;
  /** How an operator is started in here. */
  readonly setup: OperatorSetup;
  /** Makes the first `count` scans of the shape, or gives them another interval: a batch after the other, evenly over `overMs`. */
  applyScans(count: number, interval: string, overMs?: number): Promise<void>;
  /** What the AWS calls of the first `count` scans are made with. */
  callsOf(count: number): Omit<CallsJob, "periodMs">;
  stop(): Promise<void>;
}

const NAMESPACE = "bench-footprint";
/** Manifests a call of kubectl, where they are not spread over a time. */
const BATCH = 200;
/** Between two batches that are. */
const STEP_MS = 3_000;

/** Starts both. The operator's own keys let it into every account: ServiceAccounts would cost the API server's time. */
export async function startWorld({ scans, notebooks }: WorldShape): Promise<World> {
  const cluster = await startControlPlane({ binaries: await resolveBinaries() });
  const shape: Shape = {
    notebooks: scans * notebooks,
    violating: Math.ceil((scans * notebooks) / 10),
    domainsPerRegion: 0,
    // One account is entered by its keys alone.
    accounts: Math.max(2, scans),
    regions: 1,
  };
  const fleet = fleetOf(shape);
  const aws = await startSimulator({ fleet });
  const { accounts = [] } = entryOf(shape, fleet);
  const kubectl = (args: readonly string[], input?: string) =>
    kubectlOrThrow(args, { kubeconfig: cluster.adminKubeconfigPath, ...(input !== undefined && { input }) });
  await applyCrds(cluster);
  await kubectl(["create", "namespace", NAMESPACE]);
  const manifest = (account: object, index: number, interval: string) => ({
    apiVersion: "awsaccountscan.dev/v1alpha1",
    kind: "AwsAccountScan",
    metadata: { name: `scan-${String(index).padStart(4, "0")}`, namespace: NAMESPACE },
    spec: { interval, accounts: [account], regions: { include: [HOME] } },
  });
  return {
    cluster,
    aws,
    setup: {
      kubeconfig: cluster.adminKubeconfigPath,
      env: {
        AWS_ENDPOINT_URL: aws.url,
        AWS_REGION: HOME,
        AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
        POD_NAMESPACE: NAMESPACE,
      },
      args: ["--allow-ambient-credentials"],
    },
    async applyScans(count, interval, overMs = 0) {
      const items = accounts.slice(0, count).map((account, index) => manifest(account, index, interval));
      const batch = overMs === 0 ? BATCH : Math.ceil((count * STEP_MS) / overMs);
      for (let at = 0; at < items.length; at += batch) {
        const next = sleep(overMs === 0 ? 0 : STEP_MS);
        const list = { apiVersion: "v1", kind: "List", items: items.slice(at, at + batch) };
        await kubectl(["apply", "--server-side", "--filename=-"], JSON.stringify(list));
        await next;
      }
    },
    callsOf: (count) => ({ ...KEYS, region: HOME, accounts: accounts.slice(0, count) }),
    async stop() {
      await aws.stop();
      await cluster.stop();
    },
  };
}
