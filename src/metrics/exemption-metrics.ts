import type { Registry } from "prom-client";
import { identity, type ScanResult } from "./scan-results.ts";
import { registerScrapedGauge } from "./scraped-gauge.ts";

/** What exemptions do: one that covers nothing is 0, and can go. Nothing is told where the last record is lost. */
export function registerExemptionMetrics(registry: Registry, results: () => Iterable<ScanResult>): void {
  registerScrapedGauge(
    registry,
    {
      name: "awsaccountscan_exemption_resources",
      help: "Violations that an exemption covered in the last scan, by resource and rule.",
      labelNames: ["namespace", "scan", "exemption"],
    },
    function* () {
      for (const { scan, entry } of results()) {
        if (typeof entry.record !== "object") continue;
        const counts = new Map((scan.spec.exemptions ?? []).map(({ name }) => [name, 0]));
        for (const { verdict, exemption } of entry.record.findings) {
          if (verdict === "exempt" && exemption !== undefined)
            counts.set(exemption, (counts.get(exemption) ?? 0) + 1);
        }
        for (const [exemption, value] of counts) yield { labels: { ...identity(entry), exemption }, value };
      }
    },
  );
}
