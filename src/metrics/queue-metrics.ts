import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { QueueMetrics, QueueState } from "../controller/queue/metrics.ts";

/**
 * From a millisecond to an hour. client-go's begin at ten nanoseconds and end at ten seconds; a scan waits and runs
 * for minutes.
 */
const BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600];

/**
 * Registers the metrics of work queues under the names that client-go's have (`workqueue_depth` and so on, label
 * `name`), so that dashboards made for other controllers show these queues too. Call it once for the registries; the
 * function it returns gives each queue its metrics, and throws an Error where the name is taken.
 */
export function registerQueueMetrics(registers: Registry[]): (name: string) => QueueMetrics {
  const states = new Map<string, (() => QueueState) | undefined>();
  const labelNames = ["name"];

  const adds = new Counter({
    name: "workqueue_adds_total",
    help: "Total number of adds handled by workqueue.",
    labelNames,
    registers,
  });
  const retries = new Counter({
    name: "workqueue_retries_total",
    help: "Total number of retries handled by workqueue: adds that were asked for later.",
    labelNames,
    registers,
  });
  const waits = new Histogram({
    name: "workqueue_queue_duration_seconds",
    help: "How long in seconds an item stays in workqueue before being requested.",
    labelNames,
    buckets: BUCKETS,
    registers,
  });
  const work = new Histogram({
    name: "workqueue_work_duration_seconds",
    help: "How long in seconds processing an item from workqueue takes.",
    labelNames,
    buckets: BUCKETS,
    registers,
  });
  registerStateGauges(registers, states);

  return (name) => {
    if (states.has(name)) {
      throw new Error(`metrics of work queue ${JSON.stringify(name)}: the name is taken; choose another`);
    }
    states.set(name, undefined);
    // From the start, so that a rate exists before the first key.
    adds.inc({ name }, 0);
    retries.inc({ name }, 0);
    waits.zero({ name });
    work.zero({ name });
    return {
      watch: (state) => states.set(name, state),
      added: () => adds.inc({ name }),
      taken: (waitedMs) => waits.observe({ name }, waitedMs / 1_000),
      finished: (workedMs) => work.observe({ name }, workedMs / 1_000),
      retried: () => retries.inc({ name }),
    };
  };
}

/** Gauges that are read from the queues when they are scraped, so that no timer has to keep them. */
function registerStateGauges(
  registers: Registry[],
  states: ReadonlyMap<string, (() => QueueState) | undefined>,
): void {
  const gauges: readonly [string, string, (state: QueueState) => number][] = [
    ["depth", "Current depth of workqueue.", ({ depth }) => depth],
    [
      "unfinished_work_seconds",
      "How many seconds of work has been done that is in progress and hasn't been observed by work_duration.",
      ({ unfinishedWorkMs }) => unfinishedWorkMs / 1_000,
    ],
    [
      "longest_running_processor_seconds",
      "How many seconds has the longest running processor for workqueue been running.",
      ({ longestRunningProcessorMs }) => longestRunningProcessorMs / 1_000,
    ],
  ];
  for (const [name, help, value] of gauges) {
    new Gauge({
      name: `workqueue_${name}`,
      help,
      labelNames: ["name"],
      registers,
      collect() {
        for (const [queue, state] of states)
          if (state !== undefined) this.set({ name: queue }, value(state()));
      },
    });
  }
}
