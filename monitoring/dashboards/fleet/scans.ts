import type { Row } from "../dashboard.ts";
import { runbookLinks } from "../links.ts";
import { BLUE, GREY, ORANGE, RED, TEAL } from "../palette.ts";
import { OF_SCANS, ofScan } from "../queries.ts";
import { table, valuesOf } from "../tables.ts";

/** Of a condition: where two processes tell of it, the worst. Its reason comes along. */
function conditionOf(type: string): string {
  const status = (value: string) => `awsaccountscan_condition{${OF_SCANS},type="${type}",status="${value}"}`;
  const worst = `max by (namespace, scan, reason) (${status("True")} * 1 or ${status("Unknown")} * 2 or ${status("False")} * 3)`;
  return `topk by (namespace, scan) (1, ${worst})`;
}

/** The same without its reason. */
const statusOf = (type: string) => `max by (namespace, scan) (${conditionOf(type)})`;

const CONDITION_WORDS = {
  1: { text: "True", color: TEAL },
  2: { text: "Unknown", color: ORANGE },
  3: { text: "False", color: RED },
};

export function scansRow(): Row {
  return {
    title: "Are the scans running?",
    panels: [
      table({
        title: "Scans",
        description:
          "Every AwsAccountScan: its conditions, the age of its last success, and when it is due (negative: overdue; none where it is suspended, stalled or has not been scanned yet).",
        queries: {
          ready: conditionOf("Ready"),
          compliant: statusOf("Compliant"),
          complete: statusOf("Complete"),
          age: `time() - ${ofScan("awsaccountscan_last_success_timestamp_seconds")}`,
          due: `${ofScan("awsaccountscan_next_scan_timestamp_seconds")} - time()`,
          failures: ofScan("awsaccountscan_consecutive_failures"),
          suspended: ofScan("awsaccountscan_suspended"),
        },
        columns: [
          { field: "namespace", title: "Namespace" },
          { field: "scan", title: "Scan" },
          { field: valuesOf("ready"), title: "Ready", words: CONDITION_WORDS, width: 100 },
          { field: "reason", title: "Reason" },
          { field: valuesOf("compliant"), title: "Compliant", words: CONDITION_WORDS, width: 110 },
          { field: valuesOf("complete"), title: "Complete", words: CONDITION_WORDS, width: 110 },
          { field: valuesOf("age"), title: "Last success", unit: "s", width: 130 },
          {
            field: valuesOf("due"),
            title: "Due in",
            unit: "s",
            steps: [
              [-3_600, ORANGE],
              [0, GREY],
            ],
            width: 120,
          },
          {
            field: valuesOf("failures"),
            title: "Failures in a row",
            unit: "short",
            steps: [
              [0, GREY],
              [1, ORANGE],
            ],
            width: 140,
          },
          {
            field: valuesOf("suspended"),
            title: "Suspended",
            words: { 0: { text: "no", color: GREY }, 1: { text: "suspended", color: BLUE } },
            width: 110,
          },
        ],
        sortBy: valuesOf("age"),
        noValue: "No scan is known: none exists, or no operator tells of it (see the first row)",
        links: runbookLinks(["AwsAccountScanStale", "AwsAccountScanFailing", "AwsAccountScanStalled"]),
        span: 24,
        height: 9,
      }),
    ],
  };
}
