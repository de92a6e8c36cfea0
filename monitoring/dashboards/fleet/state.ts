import type { Row } from "../dashboard.ts";
import { runbookLinks } from "../links.ts";
import { OPERATOR_STATE, OPERATOR_WORDS } from "../operator-state.ts";
import { GREY, ORANGE, TEAL } from "../palette.ts";
import { stat } from "../panels.ts";
import { HOLE_COUNT, OF_SCANS, ofScan } from "../queries.ts";

const HEIGHT = 4;

/** How long after its time a scan is late: it may take its timeout, and wait for others. As in AwsAccountScanStale. */
const GRACE = `on (namespace, scan) (${ofScan("awsaccountscan_scan_timeout_seconds")} + 600)`;
const OVERDUE = `time() - ${ofScan("awsaccountscan_next_scan_timestamp_seconds")} > ${GRACE}`;
const NEVER = `time() - ${ofScan("awsaccountscan_created_timestamp_seconds")} > ${GRACE} unless ${ofScan("awsaccountscan_last_success_timestamp_seconds")}`;
const SUSPENDED = `${ofScan("awsaccountscan_suspended")} == 1`;
const LATE = `count((${OVERDUE} or ${NEVER}) unless (${SUSPENDED})) or 0 * count(${ofScan("awsaccountscan_created_timestamp_seconds")})`;

export function stateRow(): Row {
  return {
    title: "Can this page be believed?",
    panels: [
      stat({
        title: "Operator",
        description:
          "Whether an operator that scans is scraped and has restored the results of every scan. Anything but «Reporting» means that what is below is missing, old or incomplete, however quiet it looks.",
        expr: OPERATOR_STATE,
        unit: "none",
        words: OPERATOR_WORDS,
        steps: [[1, TEAL]],
        links: runbookLinks(["AwsAccountScanOperatorDown"]),
        noValue: "NO DATA: this Prometheus does not answer",
        span: 7,
        height: HEIGHT,
      }),
      stat({
        title: "Unread places",
        description:
          "Accounts and regions that some scan could not read, or not all of: denied, throttled, timed out or otherwise. Nobody knows what violates there. The coverage table says which and why.",
        expr: HOLE_COUNT,
        unit: "short",
        steps: [
          [0, TEAL],
          [1, ORANGE],
        ],
        links: runbookLinks(["AwsAccountScanIncomplete"]),
        noValue: "Unknown: no coverage",
        span: 4,
        height: HEIGHT,
      }),
      stat({
        title: "Scans late",
        description:
          "Scans that are past due by more than their timeout and ten minutes, or have not succeeded once in that time; not those that are suspended. Their results are older than they should be.",
        expr: LATE,
        unit: "short",
        steps: [
          [0, TEAL],
          [1, ORANGE],
        ],
        links: runbookLinks(["AwsAccountScanStale"]),
        noValue: "Unknown: no scans",
        span: 4,
        height: HEIGHT,
      }),
      stat({
        title: "Oldest result",
        description:
          "The age of the last successful scan of whichever scan has the oldest. Suspended scans count: what they found keeps growing older.",
        expr: `max(time() - ${ofScan("awsaccountscan_last_success_timestamp_seconds")})`,
        unit: "s",
        decimals: 0,
        noValue: "Unknown: none succeeded",
        span: 4,
        height: HEIGHT,
      }),
      stat({
        title: "Violations without rows",
        description:
          "Violations beyond the 5,000 of a scan that have series of their own. Counts include them; the table of violations does not. `kubectl awsscan` and the reports list all.",
        expr: `sum(max by (namespace, scan) (awsaccountscan_metrics_truncated{${OF_SCANS}}))`,
        unit: "short",
        steps: [
          [0, GREY],
          [1, ORANGE],
        ],
        links: runbookLinks(["AwsAccountScanMetricsTruncated"]),
        noValue: "Unknown: no results",
        span: 5,
        height: HEIGHT,
      }),
    ],
  };
}
