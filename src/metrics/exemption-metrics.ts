import type { Registry } from "prom-client";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import { safeText } from "../api/safe-text.ts";
import { identity, type ScanResult, seconds } from "./scan-results.ts";
import { registerScrapedGauge } from "./scraped-gauge.ts";

/** As the CRD allows. */
const MAX_NAME = 63;

/**
 * When exemptions end, by the specs; and what they covered, by the last results: one that covers nothing is 0, and can
 * go. Names that look the same once they are safe to show share a series: the earliest end, the sum.
 */
export function registerExemptionMetrics(
  registry: Registry,
  scans: () => Iterable<AwsAccountScan>,
  results: () => Iterable<ScanResult>,
): void {
  const labelNames = ["namespace", "scan", "exemption"] as const;
  registerScrapedGauge(
    registry,
    {
      name: "awsaccountscan_exemption_expiry_timestamp_seconds",
      help: "When an exemption ends, in seconds since the epoch; absent where it never does.",
      labelNames,
    },
    function* () {
      for (const { metadata, spec } of scans()) {
        const ends = new Map<string, number>();
        for (const { name, expiresAt } of spec.exemptions ?? []) {
          const [exemption, end] = [safeText(name, MAX_NAME), seconds(expiresAt ?? "")];
          if (!Number.isNaN(end)) ends.set(exemption, Math.min(end, ends.get(exemption) ?? end));
        }
        const { namespace, name: scan } = metadata;
        for (const [exemption, value] of ends) yield { labels: { namespace, scan, exemption }, value };
      }
    },
  );

  registerScrapedGauge(
    registry,
    {
      name: "awsaccountscan_exemption_resources",
      help: "Violations that an exemption covered in the last scan, by resource and rule; absent where its record is lost.",
      labelNames,
    },
    function* () {
      for (const { scan, entry } of results()) {
        if (typeof entry.record !== "object") continue;
        const names = (scan.spec.exemptions ?? []).map(({ name }) => safeText(name, MAX_NAME));
        const counts = new Map(names.map((name) => [name, 0]));
        for (const { verdict, exemption } of entry.record.findings) {
          if (verdict !== "exempt" || exemption === undefined) continue;
          const name = safeText(exemption, MAX_NAME);
          counts.set(name, (counts.get(name) ?? 0) + 1);
        }
        for (const [exemption, value] of counts) yield { labels: { ...identity(entry), exemption }, value };
      }
    },
  );
}
