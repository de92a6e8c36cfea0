import { type AlertDefinition, alert, type Installation, OVER_A_RESTART } from "./alert.ts";
import { OPERATOR, SCAN, SERVING } from "./promql.ts";
import type { RuleGroup } from "./rule-file.ts";
import { FIRST, listOf, MOST, matching, queryWith, time } from "./template.ts";

/** Alerts about scans that do not do what their spec asks for, and so about everything that they do not say. */
export function scanGroup(installation: Installation): RuleGroup {
  const definitions = [INCOMPLETE, STALE, FAILING, STALLED, TRUNCATED];
  return {
    name: "awsaccountscan.scans",
    rules: definitions.map((definition) => alert(installation, definition)),
  };
}

const LABELS = ["cluster", "namespace", "scan"];
const THIS = matching(LABELS);
const NAME = "AwsAccountScan {{ $labels.namespace }}/{{ $labels.scan }}";
const SHOW = "kubectl describe awsaccountscan {{ $labels.scan }} -n {{ $labels.namespace }}";

const SUSPENDED = `(max by (${SCAN}) (awsaccountscan_suspended) == 1)`;
const IS_STALLED = `(max by (${SCAN}) (awsaccountscan_condition{type="Stalled",status="True"}) == 1)`;
const TIMEOUT = `max by (${SCAN}) (awsaccountscan_scan_timeout_seconds)`;

/** Beyond its own timeout, a scan may wait this long for its turn, in seconds. */
const MARGIN = 600;

const HOLES = `max by (account, region, state) (awsaccountscan_coverage{${THIS},state!~"covered|unsupported"})`;
const UNKNOWN = `sum(max by (account, region, type, rule) (awsaccountscan_resources{${THIS},verdict="unknown"})) > 0`;
const PLACES = listOf({
  query: `sortByLabel "account" (sortByLabel "region" (${queryWith(LABELS, HOLES)}))`,
  // Without an account it is not a place, but how the scan gets to any.
  item: "{{ with .Labels.account }}{{ . }}{{ else }}the scan's own credentials{{ end }}{{ with .Labels.region }} {{ . }}{{ end }}: {{ .Labels.state }}",
  hidden: `%d - ${MOST}`,
  values: "(len .)",
  otherwise: "none",
});

const INCOMPLETE: AlertDefinition = {
  name: "AwsAccountScanIncomplete",
  severity: "warning",
  expr: `
    max by (${SCAN}) (awsaccountscan_coverage{state!~"covered|unsupported"}) > 0
    or
    max by (${SCAN}) (awsaccountscan_resources{verdict="unknown"}) > 0
    or
    max by (${SCAN}) (awsaccountscan_condition{type="Complete",status="False"}) > 0`,
  for: "15m",
  keepFiringFor: OVER_A_RESTART,
  summary: "A scan could not read everything in its scope, and what it has not read may violate.",
  description: `
    ${NAME} is incomplete. Accounts and regions not read:
    ${PLACES}.{{ with ${queryWith(LABELS, UNKNOWN)} }} Resources without a verdict: {{ ${FIRST} | printf "%.0f" }}.{{ end }}
    No violation reported from there does not mean that there is none. See: ${SHOW}.`,
};

const STALE: AlertDefinition = {
  name: "AwsAccountScanStale",
  severity: "warning",
  expr: `
    (
      (
        time() - max by (${SCAN}) (awsaccountscan_next_scan_timestamp_seconds)
        > on (${SCAN})
        ${TIMEOUT} + ${MARGIN}
      )
      or
      (
        time() - max by (${SCAN}) (
          awsaccountscan_created_timestamp_seconds and on (${OPERATOR}) ${SERVING}
        )
        > on (${SCAN})
        ${TIMEOUT} + ${MARGIN}
        unless on (${SCAN})
        awsaccountscan_last_success_timestamp_seconds
      )
    )
    unless on (${SCAN}) ${SUSPENDED}
    unless on (${SCAN}) ${IS_STALLED}`,
  // After a pause or an outage everything is late until the scan that is under way has ended.
  for: "15m",
  keepFiringFor: OVER_A_RESTART,
  summary: "A scan has no result as recent as its spec asks for.",
  description: `
    ${NAME} {{ with ${queryWith(LABELS, `max(awsaccountscan_last_success_timestamp_seconds{${THIS}})`)} }}last
    read anything at ${time(FIRST)}, and what it says of AWS is of then{{ else }}has read nothing since it was
    made{{ end }}. {{ with ${queryWith(LABELS, `max(awsaccountscan_next_scan_timestamp_seconds{${THIS}})`)} }}Next
    scan due: ${time(FIRST)}.{{ else }}No scan of it has ended.{{ end }} See: ${SHOW}.`,
};

const FAILING: AlertDefinition = {
  name: "AwsAccountScanFailing",
  severity: "warning",
  expr: `
    max by (${SCAN}) (awsaccountscan_consecutive_failures) >= 3
    unless on (${SCAN}) ${SUSPENDED}`,
  for: "5m",
  keepFiringFor: OVER_A_RESTART,
  summary: "Scan after scan fails: nothing in AWS can be read.",
  description: `
    The last {{ $value | printf "%.0f" }} scans of ${NAME} could read
    nothing${reason('type="Complete",status="False"')}.
    {{ with ${queryWith(LABELS, `max(awsaccountscan_last_success_timestamp_seconds{${THIS}})`)} }}The last that could
    ended at ${time(FIRST)}.{{ else }}None ever could.{{ end }} See: ${SHOW}.`,
};

const STALLED: AlertDefinition = {
  name: "AwsAccountScanStalled",
  severity: "warning",
  // The reason is not among the labels: another reason is the same alert.
  expr: `max by (${SCAN}) (awsaccountscan_condition{type="Stalled",status="True"}) == 1`,
  for: "5m",
  keepFiringFor: OVER_A_RESTART,
  summary:
    "A scan cannot run until somebody changes its spec, its credentials or the operator's configuration.",
  description: `
    ${NAME} is stalled${reason('type="Stalled",status="True"')}: it scans nothing
    until somebody changes its spec, its credentials or the operator's configuration. See: ${SHOW}.`,
};

const TRUNCATED: AlertDefinition = {
  name: "AwsAccountScanMetricsTruncated",
  severity: "info",
  expr: `max by (${SCAN}) (awsaccountscan_metrics_truncated) > 0`,
  for: "15m",
  summary: "A scan has more violations than get series of their own.",
  description: `
    {{ $value | printf "%.0f" }} violations of ${NAME} are counted in the metrics, and not named. All of them:
    kubectl awsscan violations {{ $labels.scan }} -n {{ $labels.namespace }}.`,
};

/** The reason of a condition in parentheses, where it is known. */
function reason(condition: string): string {
  const query = queryWith(LABELS, `max by (reason) (awsaccountscan_condition{${THIS},${condition}}) == 1`);
  return `{{ with ${query} }} ({{ range $i, $sample := . }}{{ if $i }}, {{ end }}{{ .Labels.reason }}{{ end }}){{ end }}`;
}
