import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { SCAN } from "../api/names.ts";
import { abortable } from "../async/abortable.ts";
import { Aws } from "../aws/aws.ts";
import { operatorIdentity } from "../aws/operator-identity.ts";
import { electionOptions } from "../config/election-options.ts";
import { metricsOptions, type OperatorOptions } from "../config/operator-options.ts";
import { Controller } from "../controller/controller.ts";
import { EventRecorder } from "../controller/events.ts";
import { InformerGroup } from "../controller/informer/informer-group.ts";
import { Ledger } from "../controller/ledger.ts";
import { Reconciler } from "../controller/reconciler.ts";
import { RecordStore } from "../controller/record-store.ts";
import { ReportExport } from "../controller/report-export.ts";
import { ScanRunner } from "../controller/scan-runner.ts";
import { StatusWriter } from "../controller/status-writer.ts";
import { watchWallClock } from "../controller/wall-clock.ts";
import { healthServer } from "../http/health.ts";
import { listen } from "../http/server.ts";
import { KubeClient } from "../kube/client.ts";
import { loadKubeConfig, ownNamespace } from "../kube/config.ts";
import { expose } from "../metrics/exposition.ts";
import { registerOperatorMetrics } from "../metrics/operator-metrics.ts";
import { matchesAny } from "../scan/glob.ts";
import { openTracing } from "../tracing/open.ts";
import { BUILD } from "./build-info.ts";
import { operatorChecks } from "./health-checks.ts";
import { growYoungGeneration } from "./heap.ts";
import { fullCollection, IdleCollector } from "./idle-collector.ts";
import { createLeadership } from "./leadership.ts";
import { startMetricsServer } from "./metrics-server.ts";
import { createQueues, scanSlots } from "./queues.ts";

export interface RunningOperator {
  /** Resolves when another process scans in its place: then it must end. Never where none does. */
  readonly superseded: Promise<void>;
  /**
   * Stops within the grace period; resolves when nothing runs any more, rejects where something does all the same. Another
   * call waits for the same end.
   */
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reconciles at once. None waits for a scan, so that a few keep up with thousands of resources. */
const RECONCILE_WORKERS = 4;
/** From this one on the process is one in which scan follows scan, and memory is worth less than the CPU. */
const MANY_SCANS = 100;
/** For what is written after the scans have ended. With the default grace it is less than what the kubelet waits. */
const DRAIN_MS = 8_000;
/** For Events that are not written yet when all else has ended: nobody waits long for an API server that hangs. */
const EVENTS_GRACE_MS = 5_000;

/**
 * Puts the operator together and starts it. Resolves when its servers listen; an API server that does not answer
 * yet is waited for in the background, and told by `/readyz`.
 * @throws where the configuration leads nowhere: no kubeconfig, a port that is taken, a certificate that is none.
 */
export async function startOperator(
  options: OperatorOptions,
  env: Environment,
  log: Logger,
): Promise<RunningOperator> {
  const kubeConfig = loadKubeConfig({ env });
  const namespace = ownNamespace(kubeConfig, { podNamespace: env["POD_NAMESPACE"] });
  const userAgent = `aws-account-scan-operator/${BUILD.version}`;
  const rateLimit = { qps: options.kubeApiQps, burst: options.kubeApiBurst };
  const mayWrite = () => leadership.isActive();
  const client = new KubeClient(kubeConfig, { userAgent, rateLimit, mayWrite });

  const tracing = await openTracing({
    env,
    serviceName: "aws-account-scan-operator",
    version: BUILD.version,
    inherit: false,
    tell: (line) => log.warn(line),
  });

  const wallClock = watchWallClock({
    now: Date.now,
    monotonic: () => performance.now(),
    onStep(byMs) {
      log.warn({ byMs: Math.round(byMs) }, "the wall clock was set: looking at every scan anew");
      controller.lookAtAll();
    },
  });
  const now = () => new Date(wallClock.now());
  const registry = new Registry();
  const metrics = registerOperatorMetrics(registry, {
    build: BUILD,
    restored: () => controller.ready,
    leader: () => leadership.isActive(),
    known: () => (leadership.isActive() ? informer.list() : []),
    scans: () => (leadership.isActive() ? shownScans() : []),
    entryOf: (key) => ledger.get(key),
    jobOf: (key) => runner.job(key),
    descriptions: () => aws.descriptions,
    watch: () => informer.stats(),
    now: Date.now,
  });
  const aws = new Aws({
    userAgent,
    limits: {
      process: options.concurrentRequests,
      account: options.concurrentRequestsPerAccount,
      region: options.concurrentRequestsPerRegion,
    },
    maxCacheBytes: options.descriptionCacheSize,
    onRequest: metrics.awsRequest,
  });
  const slots = scanSlots(options.concurrentScans);
  const { scans, reconciles, exports } = createQueues(metrics.queue, slots);
  const ledger = new Ledger();
  const host = env["HOSTNAME"] ?? hostname();
  const election = electionOptions(options, { namespace, hostname: host, uuid: randomUUID() });
  // Its own, which no other request delays; and none outlives the time for which its answer is good.
  const leases = new KubeClient(kubeConfig, {
    userAgent,
    requestTimeoutMs: election.timing.renewDeadlineMs,
  });
  const leadership = createLeadership({
    election,
    client: leases,
    log,
    onActive() {
      reportExport.start();
      controller.work();
    },
    onChange: () => controller.lookAtAll(),
  });
  const isOurs = (scan: AwsAccountScan) => leadership.ownership.turn(scan, Date.now()) === "ours";
  // A scan that is shared has series where it is worked on, and nowhere else while it goes from one process to another.
  const shownScans = () => {
    const known = informer.list();
    if (!leadership.ownership.claimsAtOnce) return known;
    return known.filter(({ metadata: { namespace: of, name } }) => ledger.get(`${of}/${name}`) !== undefined);
  };

  const runner = new ScanRunner({
    concurrency: slots.shared + slots.spare,
    queue: scans,
    log,
    now,
    // What a scan has found goes before what is only looked at again.
    onChange(key) {
      reconciles.add(key, { priority: "high" });
      garbage.noticed();
    },
  });
  const garbage = new IdleCollector({
    isBusy: () => runner.state().running.length > 0,
    heapUsed: () => process.memoryUsage().heapUsed,
    collect: fullCollection(),
  });
  const informer = new InformerGroup<AwsAccountScan>(options.watchNamespaces, {
    client,
    kind: SCAN,
    log,
    onChange: (key) => reconciles.add(key),
  });
  let scanned = 0;
  const events = new EventRecorder({ client, instance: host, log, now });
  const reportExport = new ReportExport({
    client,
    get: (key) => informer.get(key),
    ledger,
    queue: exports,
    events,
    log,
    onExported: metrics.exported,
  });
  const reconciler = new Reconciler({
    get: (key) => informer.get(key),
    ledger,
    records: new RecordStore(client, log),
    statuses: new StatusWriter(client, ledger),
    runner,
    ownership: leadership.ownership,
    events,
    defaultIntervalMs: options.defaultInterval,
    log,
    now,
    onScanned(scan, record, changes, durationMs) {
      scanned += 1;
      if (scanned === MANY_SCANS) growYoungGeneration();
      metrics.scanned(record.scan.outcome, durationMs);
      metrics.resolved(scan.metadata.namespace, record, changes);
    },
    onOutcome: (key) => reportExport.request(key),
    task: {
      client,
      aws,
      region: env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"],
      tokenAudience: options.tokenAudience,
      operatorIdentityNamespaces: [namespace, ...(options.operatorIdentityNamespaces ?? [])],
      operatorIdentity: (sessionName) =>
        operatorIdentity({ env, aws, sessionName, allowAmbient: options.allowAmbientCredentials }),
      allowRole: (roleArn) => matchesAny(options.allowedRoleArns, roleArn),
      log,
      now,
      tracer: tracing,
    },
  });
  const controller = new Controller({
    informer,
    queue: reconciles,
    reconciler,
    runner,
    ledger,
    log,
    workers: RECONCILE_WORKERS,
    isOurs,
    now: wallClock.now,
    onReconciled: metrics.reconciled,
  });

  let stopping = false;
  const isStopping = () => stopping;
  const checks = operatorChecks({ controller, runner, reportExport, informer, isStopping });
  const healthHttp = healthServer(checks, log);
  client.ping().catch((error: unknown) => {
    log.warn({ err: error }, "the API server does not answer yet: waiting for it");
  });
  controller.watch();
  const metricsHttp = await startMetricsServer(metricsOptions(options), {
    expose: (accept) => expose(registry, accept),
    kubeConfig,
    userAgent,
    log,
  });
  await listen(healthHttp, "health", options.healthPort, log);
  const profilesHttp = await listenForProfiles(options.profilingPort, log);
  log.info({ ...BUILD, namespace, apiServer: kubeConfig.getCurrentCluster()?.server }, "operator started");
  const leaving = new AbortController();
  const superseded = Promise.withResolvers<void>();
  const ceased = leadership.run(leaving.signal).then(() => {
    if (!leaving.signal.aborted) superseded.resolve();
  });

  const end = async () => {
    wallClock.stop();
    await controller.stop(AbortSignal.timeout(options.shutdownGrace));
    await reportExport.stop();
    await Promise.all([events.flush(AbortSignal.timeout(EVENTS_GRACE_MS)), tracing?.close()]);
    // Nothing of this process is written any more: whoever comes next may begin.
    leaving.abort();
    await ceased;
    await Promise.all([metricsHttp.close(), healthHttp.close(), profilesHttp?.close()]);
    aws.close();
    garbage.stop();
    await Promise.all([client.close(), leases.close()]);
    log.info("stopped");
  };
  let ended: Promise<void> | undefined;
  return {
    superseded: superseded.promise,
    stop() {
      stopping = true;
      // A second signal waits for the same end.
      ended ??= endInTime(end, options.shutdownGrace + DRAIN_MS, log);
      return ended;
    },
  };
}

function endInTime(end: () => Promise<void>, limitMs: number, log: Logger): Promise<void> {
  log.info("stopping");
  const late = new AbortController();
  const reason = new Error("what was under way did not end in time: the next process does it again");
  const timer = setTimeout(() => late.abort(reason), limitMs);
  return abortable(end(), late.signal).finally(() => clearTimeout(timer));
}

/** Undefined where nobody asked for profiles, and then the inspector is not loaded either. */
async function listenForProfiles(
  port: number | undefined,
  log: Logger,
): Promise<FastifyInstance | undefined> {
  if (port === undefined) return undefined;
  const { profilesServer } = await import("../profiling/server.ts");
  const server = profilesServer();
  await listen(server, "profiling", port, log, "127.0.0.1");
  return server;
}
