import type { Registry } from "prom-client";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { scanTimeoutMs } from "../api/scan-timeout.ts";
import { registerScrapedGauge, type Sample } from "./scraped-gauge.ts";

/** The series of what scans are asked for: there from a scan's creation on, before and without any result. */
export function registerScanSpecMetrics(registry: Registry, scans: () => Iterable<AwsAccountScan>): void {
  const gauge = (name: string, help: string, value: (scan: AwsAccountScan) => number) =>
    registerScrapedGauge(
      registry,
      { name: `awsaccountscan_${name}`, help, labelNames: ["namespace", "scan"] },
      function* (): Generator<Sample<"namespace" | "scan">> {
        for (const scan of scans()) yield { labels: identity(scan), value: value(scan) };
      },
    );

  gauge(
    "created_timestamp_seconds",
    "When the scan's resource was created, in seconds since the epoch.",
    ({ metadata }) => Date.parse(metadata.creationTimestamp) / 1_000,
  );
  gauge("suspended", "1 where spec.suspend is true, else 0.", ({ spec }) => (spec.suspend ? 1 : 0));
  gauge(
    "scan_timeout_seconds",
    "How long a scan may take by spec.timeout, or by what holds without it, in seconds.",
    ({ spec }) => scanTimeoutMs(spec) / 1_000,
  );
}

function identity({ metadata: { namespace, name } }: AwsAccountScan) {
  return { namespace, scan: name };
}
