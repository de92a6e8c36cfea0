import type { Registry } from "prom-client";
import { safeText } from "../api/safe-text.ts";
import type { LedgerEntry } from "../controller/ledger.ts";
import type { RecordedFinding, ScanRecord } from "../report/record.ts";
import { accountNames } from "./account-names.ts";
import { identity, recordOf, type ScanResult, seconds } from "./scan-results.ts";
import { registerScrapedGauge, type Sample } from "./scraped-gauge.ts";

/** Violations of one scan that get series of their own; status and reports have all of them. */
export const MAX_VIOLATION_SERIES = 5_000;

const LABELS = [
  "namespace",
  "scan",
  "account",
  "account_name",
  "region",
  "type",
  "rule",
  "resource",
] as const;

/** The series of single violations, and how many have none. */
export function registerViolationMetrics(registry: Registry, results: () => Iterable<ScanResult>): void {
  const selections = new WeakMap<ScanRecord, Selection>();
  /** Made once a record, which never changes: several metrics of every scrape ask for it. */
  const selectionOf = (record: ScanRecord) => {
    const known = selections.get(record) ?? select(record.findings);
    selections.set(record, known);
    return known;
  };
  const gauge = (
    name: string,
    help: string,
    value: (violation: RecordedFinding, record: ScanRecord) => number,
  ) =>
    registerScrapedGauge(
      registry,
      { name: `awsaccountscan_violation_${name}`, help, labelNames: LABELS },
      function* (): Generator<Sample<(typeof LABELS)[number]>> {
        for (const { entry } of results()) {
          const record = recordOf(entry);
          if (record === undefined) continue;
          const names = accountNames(record);
          for (const violation of selectionOf(record).shown)
            yield { labels: labelsOf(entry, names, violation), value: value(violation, record) };
        }
      },
    );

  gauge("info", "A violation, by resource and rule; always 1.", () => 1);
  gauge(
    "first_seen_timestamp_seconds",
    "When a violation was first seen, in seconds since the epoch.",
    (violation, { scan }) => seconds(violation.firstSeen ?? scan.startTime),
  );
  gauge(
    "last_verified_timestamp_seconds",
    "When a violation was last read as one, in seconds since the epoch: the end of the last scan, unless that could not read it.",
    (violation, { scan }) => seconds(violation.lastVerified ?? scan.completionTime),
  );

  registerScrapedGauge(
    registry,
    {
      name: "awsaccountscan_metrics_truncated",
      help: `Violations of a scan beyond ${MAX_VIOLATION_SERIES}, which have no series of their own.`,
      labelNames: ["namespace", "scan"],
    },
    function* () {
      for (const { entry } of results()) {
        const record = recordOf(entry);
        if (record !== undefined) yield { labels: identity(entry), value: selectionOf(record).hidden };
      }
    },
  );
}

/** The violations that get series, and the number of those that do not. */
interface Selection {
  readonly shown: readonly RecordedFinding[];
  readonly hidden: number;
}

/**
 * The oldest violations, those of one age by their place in the record's order: a new one never takes the series of an
 * old one. Two whose labels would be the same are told once.
 */
function select(findings: readonly RecordedFinding[]): Selection {
  const violations = findings.filter(({ verdict }) => verdict === "violation");
  const byAge = violations.toSorted((a, b) => compare(a.firstSeen, b.firstSeen) || compare(a.arn, b.arn));
  const shown = new Map<string, RecordedFinding>();
  for (const violation of byAge) {
    if (shown.size === MAX_VIOLATION_SERIES) break;
    const { account, region, type, rule } = violation;
    const key = JSON.stringify([account, region, type, rule, resourceOf(violation)]);
    if (!shown.has(key)) shown.set(key, violation);
  }
  return { shown: [...shown.values()], hidden: violations.length - shown.size };
}

function labelsOf(
  entry: LedgerEntry,
  names: ReadonlyMap<string, string>,
  violation: RecordedFinding,
): Record<(typeof LABELS)[number], string> {
  const { account, region, type, rule } = violation;
  const account_name = names.get(account) ?? "";
  return {
    ...identity(entry),
    account,
    account_name,
    region,
    type,
    rule,
    resource: resourceOf(violation),
  };
}

/** The end of a resource's ARN: domains may share a name. */
function resourceOf({ arn }: RecordedFinding): string {
  return safeText(arn.slice(arn.lastIndexOf("/") + 1), 256);
}

/** RFC 3339 times of one form, and ARNs. One without a time is new. */
function compare(a = "~", b = "~"): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
