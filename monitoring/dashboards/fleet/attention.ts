import type { Row } from "../dashboard.ts";
import { ALERT_NAMES, ALERT_RUNBOOK_LINK, RUNBOOK_LABELS, runbookLinks } from "../links.ts";
import { BLUE, GREY, ORANGE, RED } from "../palette.ts";
import { labelled, OF_SCANS } from "../queries.ts";
import { table, valuesOf } from "../tables.ts";

const DAY = 86_400;
/** Time enough to mend what the exemption covers, or to have it renewed. */
const SOON = 30 * DAY;

const KEY = "namespace, scan, exemption";
const LEFT = `min by (${KEY}) (awsaccountscan_exemption_expiry_timestamp_seconds{${OF_SCANS}}) - time() < ${SOON}`;
const COVERED = `max by (${KEY}) (awsaccountscan_exemption_resources{${OF_SCANS}}) and on (${KEY}) (${LEFT})`;

/** Ours: those of the chosen scans, and those of the operator, which have no scan, whichever is chosen. */
const ours = (selector: string) => `ALERTS{alertname=~"${ALERT_NAMES.join("|")}",${selector}}`;
const ALERTS = labelled(
  `max by (alertname, alertstate, severity, namespace, scan, account, region) (${ours(OF_SCANS)} or ${ours('scan=""')})`,
  RUNBOOK_LABELS,
);

export function attentionRow(): Row {
  return {
    title: "What needs somebody?",
    panels: [
      table({
        title: "Exemptions about to expire",
        description:
          "Exemptions that expire within 30 days or have expired, and how many violations each covered in the last scan. From its expiry on, what it covered counts as a violation again.",
        queries: { left: LEFT, covered: COVERED },
        columns: [
          {
            field: valuesOf("left"),
            title: "Time left",
            unit: "s",
            steps: [
              [-100 * 365 * DAY, GREY],
              [0, RED],
              [DAY, ORANGE],
              [7 * DAY, BLUE],
            ],
            width: 120,
          },
          { field: "exemption", title: "Exemption" },
          { field: valuesOf("covered"), title: "Violations covered", unit: "short", width: 150 },
          { field: "namespace", title: "Namespace" },
          { field: "scan", title: "Scan" },
        ],
        sortBy: valuesOf("left"),
        descending: false,
        noValue: "No exemption is known to expire within 30 days",
        links: runbookLinks(["ExemptionExpiring"]),
        span: 12,
        height: 9,
      }),
      table({
        title: "Alerts",
        description:
          "The alerts of `deploy/prometheus` that fire, and those that will if they last. Empty also where this Prometheus has not loaded those rules. The alert's name leads to its runbook.",
        queries: { alert: ALERTS },
        columns: [
          {
            field: "alertstate",
            title: "State",
            words: { firing: { text: "firing", color: RED }, pending: { text: "pending", color: ORANGE } },
            width: 90,
          },
          { field: "alertname", title: "Alert", links: [ALERT_RUNBOOK_LINK] },
          { field: "severity", title: "Severity", width: 90 },
          { field: "namespace", title: "Namespace" },
          { field: "scan", title: "Scan" },
          { field: "account", title: "Account", width: 130 },
          { field: "region", title: "Region", width: 130 },
          { field: "runbook", title: "Runbook", hidden: true },
          { field: "Value", title: "Count", hidden: true },
        ],
        sortBy: "alertstate",
        descending: false,
        noValue: "No alert fires or is pending, or this Prometheus has not loaded the rules",
        span: 12,
        height: 9,
      }),
    ],
  };
}
