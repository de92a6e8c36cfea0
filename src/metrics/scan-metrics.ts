import { Gauge, type Registry } from "prom-client";
import type { LedgerEntry } from "../controller/ledger.ts";
import type { Cell, ScanRecord } from "../report/record.ts";

/** Violations of one scan that get series of their own; status and reports have all of them. */
const MAX_VIOLATION_SERIES = 5_000;

const VERDICTS = [
  ["compliant", "compliant"],
  ["violations", "violation"],
  ["exempt", "exempt"],
  ["unknown", "unknown"],
] as const satisfies readonly (readonly [keyof Cell, string])[];

/**
 * The series of scans' results. They are made at every scrape from what the ledger holds then: a scan that is gone
 * has none, and one whose record is not restored yet has none yet.
 */
export function registerScanMetrics(registry: Registry, scans: () => Iterable<LedgerEntry>): void {
  const registers = [registry];
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    collect: (gauge: Gauge<Label>, entry: LedgerEntry, record: ScanRecord) => void,
  ) =>
    new Gauge({
      name: `awsaccountscan_${name}`,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const entry of scans()) {
          // Where the record is lost, what is left of it keeps its alerts up until the scan that replaces it.
          const record = typeof entry.record === "object" ? entry.record : entry.remains;
          if (record !== undefined) collect(this, entry, record);
        }
      },
    });

  gauge(
    "resources",
    "Resources that the last scan knew, by rule and verdict.",
    ["namespace", "scan", "account", "region", "type", "rule", "verdict"],
    (metric, entry, { cells }) => {
      for (const cell of cells) {
        const { account, region, type, rule } = cell;
        for (const [count, verdict] of VERDICTS) {
          metric.set({ ...identity(entry), account, region, type, rule, verdict }, cell[count]);
        }
      }
    },
  );

  gauge(
    "violation_info",
    "A violation, by resource and rule; always 1.",
    ["namespace", "scan", "account", "account_name", "region", "type", "rule", "resource"],
    (metric, entry, record) => {
      for (const { labels } of labelledViolations(entry, record)) metric.set(labels, 1);
    },
  );

  gauge(
    "violation_first_seen_timestamp_seconds",
    "When a violation was first seen.",
    ["namespace", "scan", "account", "account_name", "region", "type", "rule", "resource"],
    (metric, entry, record) => {
      for (const { finding, labels } of labelledViolations(entry, record)) {
        metric.set(labels, seconds(finding.firstSeen ?? record.scan.startTime));
      }
    },
  );

  gauge(
    "metrics_truncated",
    "Violations of a scan that have no series of their own, since there are too many.",
    ["namespace", "scan"],
    (metric, entry, { findings }) => {
      const count = findings.filter(({ verdict }) => verdict === "violation").length;
      metric.set(identity(entry), Math.max(0, count - MAX_VIOLATION_SERIES));
    },
  );

  gauge(
    "coverage",
    "Accounts and regions that the last scan was to read (region empty: a whole account), by what came of it; always 1.",
    ["namespace", "scan", "account", "region", "state"],
    (metric, entry, { coverage }) => {
      for (const { account, region, state } of coverage)
        metric.set({ ...identity(entry), account, region, state }, 1);
    },
  );

  gauge(
    "last_success_timestamp_seconds",
    "When the last scan that could read anything ended; absent where none has yet.",
    ["namespace", "scan"],
    (metric, entry, { scan }) => {
      if (scan.lastSuccessTime !== undefined) metric.set(identity(entry), seconds(scan.lastSuccessTime));
    },
  );

  new Gauge({
    name: "awsaccountscan_next_scan_timestamp_seconds",
    help: "When the next scan is due; absent for suspended and stalled scans.",
    labelNames: ["namespace", "scan"],
    registers,
    collect() {
      this.reset();
      for (const entry of scans()) {
        if (entry.nextScanAt !== undefined) this.set(identity(entry), entry.nextScanAt / 1_000);
      }
    },
  });

  new Gauge({
    name: "awsaccountscan_suspended",
    help: "1 where spec.suspend is true, else 0.",
    labelNames: ["namespace", "scan"],
    registers,
    collect() {
      this.reset();
      for (const entry of scans()) this.set(identity(entry), entry.suspended ? 1 : 0);
    },
  });
}

function identity({ namespace, name }: LedgerEntry) {
  return { namespace, scan: name };
}

/** Each violation with its labels. The resource is told by the end of its ARN: domains may share a name. */
function* labelledViolations(entry: LedgerEntry, { cells, findings }: ScanRecord) {
  const names = new Map(cells.map(({ account, accountName }) => [account, accountName ?? ""]));
  const violations = findings.filter(({ verdict }) => verdict === "violation").slice(0, MAX_VIOLATION_SERIES);
  for (const finding of violations) {
    const { account, region, type, rule, arn } = finding;
    const resource = arn.slice(arn.lastIndexOf("/") + 1);
    const account_name = names.get(account) ?? "";
    yield { finding, labels: { ...identity(entry), account, account_name, region, type, rule, resource } };
  }
}

function seconds(time: string): number {
  return Date.parse(time) / 1_000;
}
