import { Histogram, type Registry } from "prom-client";
import type { RecordDiff } from "../report/diff.ts";
import type { ScanRecord } from "../report/record.ts";
import { RULES } from "../rules/registry.ts";

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

/** How a violation is put right, in the words of the label. */
const RESOLUTIONS = ["compliant", "gone"] as const;

/** Takes in what a scan resolved; to be called once a scan. */
export type ResolutionMetric = (namespace: string, record: ScanRecord, changes: RecordDiff) => void;

/**
 * How long violations lasted, from the start of the scan that first saw them to the end of the one that did not: only
 * where they were put right. One that an exemption or a narrower spec took away is still there.
 *
 * `namespaces`: those that have scans now. Each has its series from its first scan on, and none after its last.
 */
export function registerResolutionMetric(
  registry: Registry,
  namespaces: () => Iterable<string>,
): ResolutionMetric {
  const known = new Set<string>();
  const add = (namespace: string) => {
    if (known.has(namespace)) return;
    known.add(namespace);
    for (const labels of labelsOf(namespace)) histogram.zero(labels);
  };
  const remove = (namespace: string) => {
    known.delete(namespace);
    for (const labels of labelsOf(namespace)) histogram.remove(labels);
  };
  const histogram = new Histogram({
    name: "awsaccountscan_violation_resolution_seconds",
    help: "Age of violations in seconds when a scan read them as compliant or found them gone.",
    labelNames: ["namespace", "rule", "resolution"],
    buckets: BUCKETS,
    registers: [registry],
    collect() {
      const current = new Set(namespaces());
      for (const namespace of known.difference(current)) remove(namespace);
      for (const namespace of current) add(namespace);
    },
  });
  return (namespace, { scan }, { resolved }) => {
    add(namespace);
    for (const { finding, how } of resolved) {
      if (how === "Exempt" || how === "OutOfScope" || finding.firstSeen === undefined) continue;
      const seconds = (Date.parse(scan.completionTime) - Date.parse(finding.firstSeen)) / 1_000;
      const resolution = how === "Compliant" ? "compliant" : "gone";
      histogram.observe({ namespace, rule: finding.rule, resolution }, Math.max(0, seconds));
    }
  };
}

function labelsOf(namespace: string) {
  return RULES.flatMap(({ id: rule }) => RESOLUTIONS.map((resolution) => ({ namespace, rule, resolution })));
}
