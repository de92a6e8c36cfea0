import { type AlertDefinition, alert, type Installation, OVER_A_RESTART } from "./alert.ts";
import { SCAN } from "./promql.ts";
import type { RuleGroup } from "./rule-file.ts";
import { FIRST, matching, queryWith, time } from "./template.ts";

export function exemptionGroup(installation: Installation): RuleGroup {
  return { name: "awsaccountscan.exemptions", rules: [alert(installation, EXPIRING)] };
}

const LABELS = ["cluster", "namespace", "scan", "exemption"];
const EXPIRY = `max by (${SCAN}, exemption) (awsaccountscan_exemption_expiry_timestamp_seconds)`;
const WEEK = 7 * 24 * 3_600;

/** One that covers nothing may expire unnoticed: nothing changes then. The operator's Events tell of it. */
const EXPIRING: AlertDefinition = {
  name: "ExemptionExpiring",
  severity: "warning",
  expr: `
    max by (${SCAN}, exemption) (awsaccountscan_exemption_resources) > 0
    and on (${SCAN}, exemption)
    (${EXPIRY} - time() > 0 < ${WEEK})`,
  for: "15m",
  keepFiringFor: OVER_A_RESTART,
  summary: "An exemption ends within a week, and the violations that it covers count again then.",
  description: `
    Exemption {{ $labels.exemption | printf "%q" }} of AwsAccountScan {{ $labels.namespace }}/{{ $labels.scan }}
    {{ with ${queryWith(LABELS, `max(awsaccountscan_exemption_expiry_timestamp_seconds{${matching(LABELS)}})`)} }}ends
    at ${time(FIRST)}{{ else }}is about to end{{ end }}: {{ $value | printf "%.0f" }}
    violation{{ if gt $value 1.0 }}s{{ end }} that it covers will count again. See: kubectl awsscan violations
    {{ $labels.scan }} -n {{ $labels.namespace }}.`,
};
