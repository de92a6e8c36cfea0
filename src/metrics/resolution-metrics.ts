import { Histogram, type Registry } from "prom-client";
import type { RecordDiff } from "../report/diff.ts";
import type { ScanRecord } from "../report/record.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const BUCKETS = [
  HOUR,
  4 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  4 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  60 * DAY,
  90 * DAY,
];

/** Takes in what a scan resolved; to be called once a scan. */
export type ResolutionMetric = (namespace: string, record: ScanRecord, changes: RecordDiff) => void;

/**
 * How long violations lasted, from the start of the scan that first saw them to the end of the one that did not: only
 * where they were put right. One that an exemption or a narrower spec took away is still there.
 */
export function registerResolutionMetric(registry: Registry): ResolutionMetric {
  const histogram = new Histogram({
    name: "awsaccountscan_violation_resolution_seconds",
    help: "Age of violations when a scan read them as compliant or found them gone.",
    labelNames: ["namespace", "rule", "resolution"],
    buckets: BUCKETS,
    registers: [registry],
  });
  return (namespace, { scan }, { resolved }) => {
    for (const { finding, how } of resolved) {
      if (how === "Exempt" || how === "OutOfScope" || finding.firstSeen === undefined) continue;
      const seconds = (Date.parse(scan.completionTime) - Date.parse(finding.firstSeen)) / 1_000;
      histogram.observe(
        { namespace, rule: finding.rule, resolution: how.toLowerCase() },
        Math.max(0, seconds),
      );
    }
  };
}
