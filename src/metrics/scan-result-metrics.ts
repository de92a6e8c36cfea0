import type { Registry } from "prom-client";
import type { LedgerEntry } from "../controller/ledger.ts";
import type { Cell, ScanRecord } from "../report/record.ts";
import { accountNames } from "./account-names.ts";
import { identity, recordOf, type ScanResult, seconds } from "./scan-results.ts";
import { registerScrapedGauge, type Sample } from "./scraped-gauge.ts";

const VERDICTS = [
  ["compliant", "compliant"],
  ["violations", "violation"],
  ["exempt", "exempt"],
  ["unknown", "unknown"],
] as const satisfies readonly (readonly [keyof Cell, string])[];

/** The series of what the last scans found, without the single violations. */
export function registerScanResultMetrics(registry: Registry, results: () => Iterable<ScanResult>): void {
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    samples: (entry: LedgerEntry, record: ScanRecord) => Iterable<Sample<Label | "namespace" | "scan">>,
  ) =>
    registerScrapedGauge(
      registry,
      { name: `awsaccountscan_${name}`, help, labelNames: ["namespace", "scan", ...labelNames] },
      function* (): Generator<Sample<Label | "namespace" | "scan">> {
        for (const { entry } of results()) {
          const record = recordOf(entry);
          if (record !== undefined) yield* samples(entry, record);
        }
      },
    );

  gauge(
    "resources",
    "Resources that the last scan knew, by rule and verdict.",
    ["account", "region", "type", "rule", "verdict"],
    function* (entry, { cells }) {
      for (const cell of cells) {
        const { account, region, type, rule } = cell;
        const sharedLabels = { ...identity(entry), account, region, type, rule };
        for (const [count, verdict] of VERDICTS)
          yield { labels: { verdict }, sharedLabels, value: cell[count] };
      }
    },
  );

  gauge(
    "account_info",
    "An account that the last scan was to read, with its name for people; always 1.",
    ["account", "account_name"],
    function* (entry, record) {
      for (const [account, account_name] of accountNames(record))
        yield { labels: { ...identity(entry), account, account_name }, value: 1 };
    },
  );

  gauge(
    "coverage",
    "Accounts and regions that the last scan was to read (region empty: a whole account), by what came of it; always 1.",
    ["account", "region", "state"],
    function* (entry, { coverage }) {
      for (const { account, region, state } of coverage)
        yield { labels: { ...identity(entry), account, region, state }, value: 1 };
    },
  );

  gauge(
    "last_success_timestamp_seconds",
    "When the last scan that could read anything ended, in seconds since the epoch; absent where none has yet.",
    [],
    function* (entry, { scan }) {
      const { lastSuccessTime } = scan;
      if (lastSuccessTime !== undefined) yield { labels: identity(entry), value: seconds(lastSuccessTime) };
    },
  );
}
