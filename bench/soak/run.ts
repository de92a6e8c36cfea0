/** A soak from its start to its end: the bundled operator, the simulated AWS and a control plane, in compressed time. */
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startSimulator } from "../../test/support/aws.ts";
import { fastClock } from "../../test/support/clock.ts";
import { eventually } from "../../test/support/cluster-eventually.ts";
import { type OperatorProcess, startOperator } from "../../test/support/operator.ts";
import { HOME, KEYS } from "../support/fleet.ts";
import { ACCOUNT_IDS, notebookOf, soakFleet } from "./fleet.ts";
import { complaintsOf } from "./log.ts";
import { countApiCalls, type Sample, sampleOf } from "./sample.ts";
import { createNamespaces, createScans, deleteScan, INTERVAL_MS, namespacesOf } from "./scans.ts";

const LIVE_HEAP = fileURLToPath(new URL("live-heap.ts", import.meta.url));

export interface SoakOptions {
  /** An administrator's, of a control plane that has our CRDs. */
  readonly kubeconfig: string;
  /** Of the names of the namespaces that are created. */
  readonly prefix: string;
  /** How many compressed minutes pass in one of the machine's. */
  readonly speed: number;
  /** For how long it counts once it is warm, in milliseconds of the machine's time. */
  readonly durationMs: number;
  /** Between two samples, likewise. */
  readonly sampleMs: number;
  readonly scans: number;
  /** In each account. */
  readonly notebooks: number;
  /** Further arguments of the operator. */
  readonly args?: readonly string[];
  /** Told of what is being done. */
  tell(what: string): void;
}

/** What a soak has seen. */
export interface SoakOutcome {
  readonly samples: readonly Sample[];
  /** The heap after a full collection, before and after the samples, in bytes; and the scans that ended in between. */
  readonly liveHeap: { readonly before: number; readonly after: number; readonly scans: number };
  /** Scans that were there all along, and that did not end once in the last third of the time. */
  readonly starved: readonly string[];
  readonly complaints: ReadonlyMap<string, number>;
  /** What the operator ended with when it was told to end; null where a signal ended it. */
  readonly exitCode: number | null;
}

/** @throws where the operator ends before its time, with the last lines of its log, and where it never becomes warm. */
export async function soak(options: SoakOptions): Promise<SoakOutcome> {
  const { kubeconfig, prefix, speed, scans, notebooks, tell } = options;
  const originMs = Date.now();
  const clock = fastClock(speed, originMs);
  const namespaces = namespacesOf(prefix);
  const simulator = await startSimulator({ fleet: soakFleet(notebooks), env: clock });
  let operator: OperatorProcess | undefined;
  try {
    tell(`creating ${scans} scans in ${namespaces.length} namespaces`);
    await createNamespaces(namespaces, kubeconfig);
    await createScans(namespaces, { from: 0, to: scans }, kubeconfig);
    operator = await startOperator({
      kubeconfig,
      env: {
        ...clock,
        NODE_OPTIONS: `${clock["NODE_OPTIONS"]} --import=${LIVE_HEAP}`,
        POD_NAMESPACE: namespaces[0] ?? "",
        AWS_ENDPOINT_URL: simulator.url,
        AWS_REGION: HOME,
        AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
      },
      args: [
        `--watch-namespaces=${namespaces.join()}`,
        "--operator-identity-namespaces=*",
        "--allow-ambient-credentials",
        // A thousand scans a minute make some sixty requests a second, more than the default lets through.
        "--kube-api-qps=200",
        "--kube-api-burst=400",
        // As long for the machine as by default: how fast an API server answers does not grow with the clock's speed.
        `--leader-elect-lease-duration=${Math.ceil(15 * speed)}s`,
        `--leader-elect-renew-deadline=${Math.ceil(10 * speed)}s`,
        ...(options.args ?? []),
      ],
    });
    const parts: Parts = { options, operator, namespaces, originMs };
    tell("warming up: until each scan has ended three times");
    await warm(parts);
    const before = await liveHeap(operator);
    const samples = await collect(parts, (round) => churn(parts, round, simulator.client));
    const after = await liveHeap(operator);
    const exitCode = await operator.stop();
    const scansBetween = (samples.at(-1)?.scans ?? 0) - (samples[0]?.scans ?? 0);
    return {
      samples,
      liveHeap: { before, after, scans: scansBetween },
      starved: starvedOf(samples),
      complaints: complaintsOf(operator.lines),
      exitCode,
    };
  } finally {
    await operator?.stop("SIGKILL");
    await simulator.stop();
  }
}

interface Parts {
  readonly options: SoakOptions;
  readonly operator: OperatorProcess;
  readonly namespaces: readonly string[];
  readonly originMs: number;
}

/** Caches are filled, code is compiled, and all scans have found their own time. */
async function warm(parts: Parts): Promise<void> {
  const { scans, kubeconfig } = parts.options;
  const enough = 3 * scans;
  const timeoutMs = 10 * 60_000 + scans * 1_000;
  await eventually(
    async () => {
      await sleep(1_000);
      const ended = (await sample(parts, kubeconfig)).scans;
      if (ended < enough) throw new Error(`${ended} of ${enough} scans have ended`);
    },
    { describe: "the operator is warm", timeoutMs },
  );
}

async function collect(parts: Parts, between: (round: number) => Promise<void>): Promise<Sample[]> {
  const { durationMs, sampleMs, kubeconfig, tell } = parts.options;
  const rounds = Math.max(6, Math.ceil(durationMs / sampleMs));
  const startMs = performance.now();
  const samples = [await sample(parts, kubeconfig)];
  for (let round = 1; round <= rounds; round++) {
    await between(round);
    await sleep(Math.max(0, startMs + round * sampleMs - performance.now()));
    const latest = await sample(parts, kubeconfig);
    samples.push(latest);
    const { rssMiB, scans, lag } = latest;
    tell(
      `${round} of ${rounds}: ${rssMiB.toFixed(1)} MiB, ${scans} scans, ${lag.max.toFixed(0)} s late at most`,
    );
  }
  return samples;
}

/** Things change, and stay as many: a notebook is made another and, in the next round, what it was; a scan goes as one comes. */
async function churn(
  { options, namespaces }: Parts,
  round: number,
  aws: Awaited<ReturnType<typeof startSimulator>>["client"],
): Promise<void> {
  const pair = Math.floor((round - 1) / 2);
  const place = { account: ACCOUNT_IDS[pair % ACCOUNT_IDS.length] ?? "", region: HOME };
  const usual = notebookOf(pair % options.notebooks);
  const other = usual.directInternetAccess === "Enabled" ? "Disabled" : "Enabled";
  await aws.putNotebook(place, round % 2 === 0 ? usual : { ...usual, directInternetAccess: other });
  if (round > options.scans) return;
  await deleteScan(namespaces, round - 1, options.kubeconfig);
  const added = options.scans + round - 1;
  await createScans(namespaces, { from: added, to: added + 1 }, options.kubeconfig);
}

async function sample({ operator, options, originMs }: Parts, kubeconfig: string): Promise<Sample> {
  const apiCalls = await countApiCalls(kubeconfig);
  try {
    const exposition = await (await fetch(`${operator.metricsUrl}/metrics`)).text();
    const passedMs = (Date.now() - originMs) * options.speed;
    return sampleOf(exposition, apiCalls, { minute: passedMs / 60_000, nowMs: originMs + passedMs });
  } catch (error) {
    throw new Error(`the operator cannot be asked any more:\n${operator.lines.slice(-10).join("\n")}`, {
      cause: error,
    });
  }
}

async function liveHeap(operator: OperatorProcess): Promise<number> {
  const told = operator.lines.length;
  operator.kill("SIGUSR2");
  return eventually(
    () => {
      const line = operator.lines.slice(told).find((text) => text.includes('"liveHeapBytes"'));
      if (line === undefined) throw new Error("not yet");
      return (JSON.parse(line) as { liveHeapBytes: number }).liveHeapBytes;
    },
    { describe: "the operator tells its live heap", timeoutMs: 60_000 },
  );
}

/** A scan that comes round has a new time to be due. In less than three intervals nothing can be told. */
function starvedOf(samples: readonly Sample[]): string[] {
  const last = samples.at(-1);
  const before = samples[Math.floor((samples.length * 2) / 3)];
  if (last === undefined || before === undefined) return [];
  if ((last.minute - before.minute) * 60_000 < 3 * INTERVAL_MS) return [];
  return [...last.dueAt].filter(([key, due]) => before.dueAt.get(key) === due).map(([key]) => key);
}
