import { Counter, Gauge, type Registry } from "prom-client";

/** What the informer tells of its conversation with the API server. */
export interface WatchStats {
  readonly lists: number;
  readonly listFailures: number;
  readonly watches: number;
  readonly watchFailures: number;
  /** Milliseconds; undefined before the first answer. */
  readonly contactAgeMs: number | undefined;
}

export function registerWatchMetrics(registry: Registry, stats: () => WatchStats): void {
  const registers = [registry];
  const counters: readonly [string, string, (stats: WatchStats) => number][] = [
    ["list_operations_total", "Lists of scans that were begun.", ({ lists }) => lists],
    ["list_operations_failed_total", "Lists of scans that failed.", ({ listFailures }) => listFailures],
    ["watch_operations_total", "Watches of scans that were opened.", ({ watches }) => watches],
    ["watch_operations_failed_total", "Watches of scans that failed.", ({ watchFailures }) => watchFailures],
  ];
  for (const [name, help, value] of counters) {
    new Counter({
      name: `awsaccountscan_${name}`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value(stats()));
      },
    });
  }
  new Gauge({
    name: "awsaccountscan_watch_last_contact_age_seconds",
    help: "Time since the API server was last heard of, in seconds; absent before the first answer.",
    registers,
    collect() {
      const { contactAgeMs } = stats();
      // A reset would leave a 0, which says the opposite.
      if (contactAgeMs === undefined) this.remove();
      else this.set(contactAgeMs / 1_000);
    },
  });
}
