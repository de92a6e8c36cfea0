import type { Registry } from "prom-client";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { registerScrapedGauge } from "./scraped-gauge.ts";

/**
 * The one series of a scan that every process has which scans, whoever works on it: alerts must tell a scan that is gone from
 * one that is nobody's for the moment.
 */
export function registerScanInfoMetric(registry: Registry, known: () => Iterable<AwsAccountScan>): void {
  registerScrapedGauge(
    registry,
    {
      name: "awsaccountscan_scan_info",
      help: "A scan that there is, from each process that scans, whichever of them works on it; always 1.",
      labelNames: ["namespace", "scan"],
    },
    function* () {
      for (const { metadata } of known())
        yield { labels: { namespace: metadata.namespace, scan: metadata.name }, value: 1 };
    },
  );
}
