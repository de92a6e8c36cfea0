import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { expect, onTestFinished } from "vitest";
import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import { API_VERSION, SCAN } from "../../src/api/names.ts";
import { operatorChecks } from "../../src/cli/health-checks.ts";
import { Controller } from "../../src/controller/controller.ts";
import { EventRecorder } from "../../src/controller/events.ts";
import { HEALTH_BOUNDS, type HealthBounds } from "../../src/controller/health.ts";
import { InformerGroup } from "../../src/controller/informer/informer-group.ts";
import { Ledger } from "../../src/controller/ledger.ts";
import { WorkQueue } from "../../src/controller/queue/queue.ts";
import { ItemExponentialFailureRateLimiter } from "../../src/controller/queue/rate-limiters.ts";
import { RateLimitingQueue } from "../../src/controller/queue/rate-limiting-queue.ts";
import { ReportExport } from "../../src/controller/report-export.ts";
import { ScanRunner } from "../../src/controller/scan-runner.ts";
import { healthServer } from "../../src/http/health.ts";
import { listen } from "../../src/http/server.ts";
import { KubeClient } from "../../src/kube/client.ts";
import type { ClusterAccess } from "../../tools/control-plane/control-plane.ts";
import { eventually, sharedCluster } from "./cluster.ts";
import { adminKubeConfig, clientOf, proxiedKubeConfig, startFaultProxy } from "./kube-client-harness.ts";

const NAMESPACES = { group: "", version: "v1", plural: "namespaces" };

export interface HealthRigOptions {
  readonly cluster?: ClusterAccess;
  readonly bounds?: Partial<HealthBounds>;
  /** What a reconcile of `namespace/name` does; by default it reads the scan. */
  readonly reconcile?: (key: string, client: KubeClient) => Promise<number | undefined>;
  readonly idleTimeoutMs?: number;
  /** Of the export alone. */
  readonly exportClient?: (client: KubeClient) => KubeClient;
}

/**
 * The operator's loops, queues and health server as the operator has them, in this process, so that its bounds can be
 * short and its parts can be broken. The API server is real, with a proxy for faults before it.
 */
export async function healthRig(options: HealthRigOptions = {}) {
  const {
    cluster = sharedCluster(),
    bounds,
    idleTimeoutMs = 300,
    exportClient = (client) => client,
  } = options;
  const { reconcile = (key: string, client: KubeClient) => read(key, client) } = options;
  const admin = adminKubeConfig(cluster);
  const direct = clientOf(admin);
  const proxy = await startFaultProxy(cluster);
  const client = new KubeClient(proxiedKubeConfig(admin, proxy), { requestTimeoutMs: 300 });
  const namespace = `health-${randomUUID().slice(0, 8)}`;
  await direct.create(NAMESPACES, {}, { metadata: { name: namespace } });

  const logged: { readonly msg: string; readonly check?: string; readonly reason?: string }[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const limiter = () => new ItemExponentialFailureRateLimiter({ baseMs: 5, maxMs: 50, random: Math.random });
  const queue = new RateLimitingQueue(limiter());
  const ledger = new Ledger();
  const runner = new ScanRunner({
    concurrency: 2,
    queue: new WorkQueue(),
    log,
    now: () => new Date(),
    onChange: () => undefined,
  });
  const informer = new InformerGroup<AwsAccountScan>([namespace], {
    client,
    kind: SCAN,
    log,
    idleTimeoutMs,
    backoff: { initialMs: 5, maxMs: 50 },
    onChange: (key) => queue.add(key),
  });
  const reportExport = new ReportExport({
    client: exportClient(client),
    get: (key) => informer.get(key),
    ledger,
    queue: new RateLimitingQueue(limiter()),
    events: new EventRecorder({ client, instance: "test", log, now: () => new Date() }),
    log,
    onExported: () => undefined,
  });
  const controller = new Controller({
    informer,
    queue,
    reconciler: {
      stopStarting: () => undefined,
      reconcile: async (key) => {
        const again = await reconcile(key, client);
        const scan = informer.get(key);
        if (scan !== undefined) ledger.set(key, entryOf(scan));
        return again;
      },
    },
    runner,
    ledger,
    log,
    workers: 2,
    isOurs: () => true,
    now: Date.now,
    onReconciled: () => undefined,
  });
  let stopping = false;
  const checks = operatorChecks(
    { controller, runner, reportExport, informer, isStopping: () => stopping },
    { ...HEALTH_BOUNDS, ...bounds },
  );
  const server = healthServer(checks, log);
  const port = await listen(server, "health", 0, pino({ enabled: false }));
  reportExport.start();
  controller.watch();
  controller.work();
  onTestFinished(async () => {
    await Promise.all([informer.stop(), server.close()]);
    await client.close();
  });

  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: answer.status, body: await answer.text() };
  };
  return {
    namespace,
    proxy,
    informer,
    queue,
    runner,
    reportExport,
    ledger,
    logged,
    get,
    stop: () => {
      stopping = true;
    },
    /** Resolves once the endpoint answers with that status, to its body. */
    until: (path: string, status: 200 | 503) =>
      eventually(
        async () => {
          const answer = await get(path);
          expect(answer).toMatchObject({ status });
          return answer.body;
        },
        { timeoutMs: 60_000 },
      ),
    /** Creates a suspended scan. */
    async scan(name: string): Promise<string> {
      const body = { apiVersion: API_VERSION, kind: SCAN.kind, metadata: { namespace, name } };
      await direct.create(SCAN, { namespace }, { ...body, spec: { suspend: true } });
      return `${namespace}/${name}`;
    },
  };
}

async function read(key: string, client: KubeClient): Promise<undefined> {
  const [namespace = "", name = ""] = key.split("/");
  await client.get(SCAN, { namespace, name });
}

function entryOf({ metadata: { namespace, name, uid } }: AwsAccountScan) {
  const owner = { identity: "test", epoch: 1 };
  const base = { namespace, name, uid, owner, suspended: true, nextScanAt: undefined };
  return { ...base, record: "missing", doubt: "none" } as const;
}
