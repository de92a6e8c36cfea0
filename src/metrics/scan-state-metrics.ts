import type { Registry } from "prom-client";
import { identity, type ScanResult } from "./scan-results.ts";
import { registerScrapedGauge } from "./scraped-gauge.ts";

/** How scans stand, by what their status and their last records say. */
export function registerScanStateMetrics(registry: Registry, results: () => Iterable<ScanResult>): void {
  registerScrapedGauge(
    registry,
    {
      name: "awsaccountscan_condition",
      help: "A condition of the scan's status as it is now; always 1.",
      labelNames: ["namespace", "scan", "type", "status", "reason"],
    },
    function* () {
      for (const { scan, entry } of results()) {
        // Between a restart and the first write it is still that of the process before.
        const { conditions = [] } = entry.status ?? scan.status ?? {};
        for (const { type, status, reason } of conditions)
          yield { labels: { ...identity(entry), type, status, reason }, value: 1 };
      }
    },
  );

  registerScrapedGauge(
    registry,
    {
      name: "awsaccountscan_consecutive_failures",
      help: "Scans in a row, up to the last one, that could read nothing; absent where the record of the last one is lost.",
      labelNames: ["namespace", "scan"],
    },
    function* () {
      for (const { entry } of results()) {
        const { record } = entry;
        if (record === "missing") continue;
        yield { labels: identity(entry), value: record === "none" ? 0 : record.scan.consecutiveFailures };
      }
    },
  );
}
