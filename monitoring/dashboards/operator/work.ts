import type { Row } from "../dashboard.ts";
import { runbookLinks } from "../links.ts";
import { ORANGE, RED, TEAL } from "../palette.ts";
import { trend } from "../panels.ts";
import { OF_OPERATORS, quantile, rate } from "../queries.ts";

const SPAN = { span: 8, height: 8 };
const WIDE = { span: 12, height: 8 };
const NO_OPERATOR = "No operator is scraped";

/** Scans are hours apart: a shorter window would mostly be empty. */
const SCAN_WINDOW = "1h";

export function queuesRow(): Row {
  return {
    title: "Does the work get done?",
    panels: [
      trend({
        title: "Queue depth",
        description:
          "Keys that wait: `awsaccountscan` to be reconciled, `scans` to be scanned, `exports` to be written as Reports. Scans wait where more are due than `--concurrent-scans`.",
        queries: [{ expr: `sum by (name) (workqueue_depth{${OF_OPERATORS}})`, legend: "{{name}}" }],
        unit: "short",
        noValue: NO_OPERATOR,
        ...SPAN,
      }),
      trend({
        title: "Wait in the queue, 99th percentile",
        description: "How long keys waited before work on them began.",
        queries: [{ expr: quantile(0.99, "workqueue_queue_duration_seconds", ["name"]), legend: "{{name}}" }],
        unit: "s",
        noValue: NO_OPERATOR,
        ...SPAN,
      }),
      trend({
        title: "Work on a key, 99th percentile",
        description:
          "How long work on one key took. Of `scans` that is a whole scan; a reconcile that takes seconds waits for the API server.",
        queries: [{ expr: quantile(0.99, "workqueue_work_duration_seconds", ["name"]), legend: "{{name}}" }],
        unit: "s",
        noValue: NO_OPERATOR,
        ...SPAN,
      }),
      trend({
        title: "Longest running work",
        description:
          "How long the key that is worked on for longest has been. One that grows without end, other than of `scans`, is stuck.",
        queries: [
          {
            expr: `max by (name) (workqueue_longest_running_processor_seconds{${OF_OPERATORS}})`,
            legend: "{{name}}",
          },
        ],
        unit: "s",
        noValue: NO_OPERATOR,
        ...SPAN,
      }),
      trend({
        title: "Reconciles by result",
        description: "Reconciles a second. `error` is retried with growing delay; the log says why.",
        queries: [{ expr: rate("awsaccountscan_reconcile_total", ["result"]), legend: "{{result}}" }],
        unit: "ops",
        colours: { error: RED },
        links: runbookLinks(["AwsAccountScanReconcileErrors"]),
        noValue: NO_OPERATOR,
        ...SPAN,
      }),
      trend({
        title: "Retries",
        description: "Keys that are to be tried again later, a second.",
        queries: [{ expr: rate("workqueue_retries_total", ["name"]), legend: "{{name}}" }],
        unit: "ops",
        noValue: NO_OPERATOR,
        ...SPAN,
      }),
    ],
  };
}

export function scansRow(): Row {
  return {
    title: "How do scans go?",
    panels: [
      trend({
        title: "Scans by outcome",
        description: `Scans that ended within the last ${SCAN_WINDOW}: \`Incomplete\` ones could not read all, \`Failed\` ones nothing.`,
        queries: [
          {
            expr: `sum by (outcome) (increase(awsaccountscan_scans_total{${OF_OPERATORS}}[${SCAN_WINDOW}]))`,
            legend: "{{outcome}}",
          },
        ],
        unit: "short",
        colours: { Complete: TEAL, Incomplete: ORANGE, Failed: RED },
        noValue: NO_OPERATOR,
        ...WIDE,
      }),
      trend({
        title: "Duration of scans",
        description: `Of those that ended within the last ${SCAN_WINDOW}, from their first call to their last.`,
        queries: [0.5, 0.95].map((q) => ({
          expr: quantile(q, "awsaccountscan_scan_duration_seconds", [], SCAN_WINDOW),
          legend: `${q * 100} %`,
        })),
        unit: "s",
        noValue: "No scan ended in this time, or no operator is scraped",
        ...WIDE,
      }),
      trend({
        title: "How late scans begin",
        description:
          "The median and the worst of all scans: how much later than due the last one began, or how late the next is by now. All that grow together need more `--concurrent-scans` or longer intervals; a worst one alone is in a namespace with many scans, or with scans that hang.",
        queries: [
          { expr: `quantile(0.5, awsaccountscan_schedule_lag_seconds{${OF_OPERATORS}})`, legend: "50 %" },
          { expr: `max(awsaccountscan_schedule_lag_seconds{${OF_OPERATORS}})`, legend: "worst" },
        ],
        unit: "s",
        links: runbookLinks(["AwsAccountScansLate"]),
        noValue: "No scan has begun or is due since the start, or no operator is scraped",
        ...WIDE,
      }),
      trend({
        title: "Report exports by result",
        description:
          "Attempts a second to bring openreports.io Reports up to date. `not_served`: the cluster has no such CRD.",
        queries: [{ expr: rate("awsaccountscan_report_exports_total", ["result"]), legend: "{{result}}" }],
        unit: "ops",
        colours: { error: RED },
        links: runbookLinks(["AwsAccountScanReportExportFailing"]),
        noValue: NO_OPERATOR,
        ...WIDE,
      }),
    ],
  };
}
