/** One look at everything that could drift. */
import { parseSamples, type Sample as Series } from "../../test/support/exposition.ts";
import { kubectlOrThrow } from "../../tools/control-plane/kubectl.ts";

/** Counters since the start, and gauges as they are. */
export interface Sample {
  /** Compressed minutes since the soak began to count. */
  readonly minute: number;
  readonly rssMiB: number;
  readonly heapMiB: number;
  readonly descriptors: number;
  /** Sockets, timers and the like that Node holds. */
  readonly handles: number;
  /** Lines of an exposition. */
  readonly series: number;
  readonly cpuSeconds: number;
  readonly scans: number;
  readonly awsCalls: number;
  /** Of all who ask, by verb; what is asked of the objects that the operator touches. */
  readonly apiCalls: Readonly<Record<string, number>>;
  /** Compressed seconds by which the scans that are due are late: the middle one of all scans, and the latest. */
  readonly lag: { readonly median: number; readonly max: number };
  /** When each scan is due, seconds since the epoch; it changes with every scan that ends. */
  readonly dueAt: ReadonlyMap<string, number>;
}

const MIB = 1024 ** 2;

/** A sample of an exposition and of the API server's request counts. `nowMs`: by the operator's clock. */
export function sampleOf(
  exposition: string,
  apiCalls: Readonly<Record<string, number>>,
  time: { readonly minute: number; readonly nowMs: number },
): Sample {
  const byName = Map.groupBy(parseSamples(exposition), ({ name }) => name);
  const sum = (name: string) => (byName.get(name) ?? []).reduce((total, { value }) => total + value, 0);
  const due = byName.get("awsaccountscan_next_scan_timestamp_seconds") ?? [];
  const lags = due.map(({ value }) => Math.max(0, time.nowMs / 1_000 - value)).sort((a, b) => a - b);
  return {
    minute: time.minute,
    rssMiB: sum("process_resident_memory_bytes") / MIB,
    heapMiB: sum("nodejs_heap_size_used_bytes") / MIB,
    descriptors: sum("process_open_fds"),
    handles: sum("nodejs_active_resources"),
    series: [...byName.values()].reduce((total, { length }) => total + length, 0),
    cpuSeconds: sum("process_cpu_seconds_total"),
    scans: sum("awsaccountscan_scans_total"),
    awsCalls: sum("awsaccountscan_aws_requests_total"),
    apiCalls,
    lag: { median: lags[Math.floor(lags.length / 2)] ?? 0, max: lags.at(-1) ?? 0 },
    dueAt: new Map(due.map(({ labels, value }) => [keyOf(labels), value])),
  };
}

function keyOf({ namespace, scan }: Series["labels"]): string {
  return `${namespace}/${scan}`;
}

/** Objects that the operator reads and writes; a control plane's own traffic is about others. */
const OURS = /^(awsaccountscans|awsaccountscanreports|events|leases|serviceaccounts|reports)$/;

/** Requests that the API server has answered, by verb; a watch counts when it ends. */
export async function countApiCalls(kubeconfig: string): Promise<Record<string, number>> {
  const { stdout } = await kubectlOrThrow(["get", "--raw=/metrics"], { kubeconfig });
  const lines = stdout.split("\n").filter((line) => line.startsWith("apiserver_request_total{"));
  const calls: Record<string, number> = {};
  for (const { labels, value } of parseSamples(lines.join("\n"))) {
    const { verb = "", resource = "", group = "" } = labels;
    if (!OURS.test(resource) || (resource === "leases" && group !== "coordination.k8s.io")) continue;
    calls[verb] = (calls[verb] ?? 0) + value;
  }
  return calls;
}
