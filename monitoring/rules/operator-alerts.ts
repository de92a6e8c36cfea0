import { type AlertDefinition, alert, type Installation } from "./alert.ts";
import { MISSING, MISSING_METRICS } from "./missing-metrics.ts";
import { OPERATOR, SCAN } from "./promql.ts";
import type { RuleGroup } from "./rule-file.ts";
import { matching, queryWith } from "./template.ts";

/** Alerts about the operator itself, in its own namespace. */
export function operatorGroup(installation: Installation): RuleGroup {
  const definitions = [down(installation), LATE, THROTTLED, EXPORT_FAILING, RECONCILE_ERRORS];
  return {
    name: "awsaccountscan.operator",
    rules: [...MISSING_METRICS, ...definitions.map((definition) => alert(installation, definition))],
  };
}

const LABELS = ["cluster", "namespace"];
const THIS = matching(LABELS);

/** `absent` gives the labels that its selector asks for: the alert has a namespace even where there is nothing. */
function down({ operatorNamespace }: Installation): AlertDefinition {
  return {
    name: "AwsAccountScanOperatorDown",
    severity: "critical",
    expr: `
      max by (cluster, namespace) (
        absent(awsaccountscan_build_info{namespace="${operatorNamespace}"})
        or
        max by (cluster, namespace) (awsaccountscan_leader) == bool 0 > 0
        or
        min by (cluster, namespace) (awsaccountscan_restored and awsaccountscan_leader == 1) == bool 0 > 0
        or
        ${MISSING}
      )`,
    for: "10m",
    summary: "No operator scans, or it does not tell what alerts depend on: new violations go unseen.",
    description: `
      {{ if ${queryWith(LABELS, `awsaccountscan_build_info{${THIS}}`)} }}An operator runs in namespace
      {{ $labels.namespace }}, but
      {{ with sortByLabel "metric" (${queryWith(LABELS, `count by (metric) (${MISSING}{${THIS}})`)}) }}these metrics, on which alerts depend,
      are missing: {{ range $i, $sample := . }}{{ if $i }}, {{ end }}{{ .Labels.metric }}{{ end }}.{{ else }}none
      scans, or one that does has not restored its scans.{{ end }}{{ else }}No operator in namespace {{ $labels.namespace }}
      answers Prometheus: it is not running, it hangs (up is 0), or it is no target (there is no up).{{ end }} Violations that are known keep their alerts; nobody looks for new ones.
      See: kubectl get pods,events -n {{ $labels.namespace }}.`,
  };
}

const OF_SCAN = `${SCAN}, job`;
/** Scans that begin so late that one in three would not be begun at all, were it so for good; by how much, in seconds. */
const BEGINS_LATE = `(
  max by (${OF_SCAN}) (awsaccountscan_schedule_lag_seconds)
  > max by (${OF_SCAN}) (awsaccountscan_period_seconds) / 2
)`;
const LATEST = `topk(3, ${BEGINS_LATE.replaceAll(/\s+/g, " ")} and on (${OPERATOR}) workqueue_depth{${THIS},name="scans"})`;

const LATE: AlertDefinition = {
  name: "AwsAccountScansLate",
  severity: "warning",
  // After an outage scans were late as well: only where others wait is there too little capacity.
  expr: `
    sum by (cluster, namespace) (
      max by (cluster, namespace, job) (workqueue_depth{name="scans"} > bool 0)
      * on (${OPERATOR}) group_left
      count by (${OPERATOR}) ${BEGINS_LATE.replaceAll("\n", "\n      ")}
    ) > 0`,
  for: "15m",
  summary: "More scans are due than the operator gets done: they begin late.",
  description: `
    {{ $value | printf "%.0f" }} scans of the operator in {{ $labels.namespace }} begin later than half the time between two of
    them, and more wait for their turn. The latest: {{ range $i, $sample := ${queryWith(LABELS, LATEST)} }}{{ if $i }}, {{ end }}{{ .Labels.namespace }}/{{ .Labels.scan }} by {{ .Value | humanizeDuration }}{{ end }}.
    What they say of AWS is older than their specs ask for.`,
};

const PER_SERVICE = "cluster, namespace, service";
const SERVICE = [...LABELS, "service"];
const THROTTLED_CALLS = `sum by (operation) (rate(awsaccountscan_aws_requests_total{${matching(SERVICE)},outcome="throttled"}[15m]))`;

const THROTTLED: AlertDefinition = {
  name: "AwsApiThrottled",
  severity: "warning",
  // A share of a handful says nothing.
  expr: `
    sum by (${PER_SERVICE}) (rate(awsaccountscan_aws_requests_total{outcome="throttled"}[15m]))
    /
    sum by (${PER_SERVICE}) (rate(awsaccountscan_aws_requests_total[15m]))
    > 0.1
    and
    sum by (${PER_SERVICE}) (increase(awsaccountscan_aws_requests_total[15m])) > 100`,
  for: "5m",
  summary: "AWS throttles a large share of the operator's requests: scans take long, or do not end in time.",
  description: `
    AWS throttled {{ $value | humanizePercentage }} of the requests to {{ $labels.service }} in the last 15 minutes
    ({{ range $i, $sample := ${queryWith(SERVICE, `topk(3, ${THROTTLED_CALLS} > 0)`)} }}{{ if $i }}, {{ end }}{{ .Labels.operation }}{{ end }}).
    The counter is of all scans of the operator in {{ $labels.namespace }} together.`,
};

const EXPORT_FAILING: AlertDefinition = {
  name: "AwsAccountScanReportExportFailing",
  severity: "warning",
  expr: `
    sum by (cluster, namespace) (
      increase(awsaccountscan_report_exports_total{result="error"}[15m])
    ) > 0`,
  // Failed exports are tried again within 5 minutes; the window of a single one has passed before this.
  for: "20m",
  summary: "openreports.io Reports are not brought up to date.",
  description: `
    The operator in {{ $labels.namespace }} keeps failing to write openreports.io Reports: what reads them (Policy Reporter,
    kubectl get reports) sees old results. Status, metrics and alerts are not affected.
    See: kubectl logs deployment/aws-account-scan-operator -n {{ $labels.namespace }}.`,
};

const RECONCILE_ERRORS: AlertDefinition = {
  name: "AwsAccountScanReconcileErrors",
  severity: "warning",
  expr: `
    sum by (cluster, namespace) (rate(awsaccountscan_reconcile_total{result="error"}[15m]))
    /
    sum by (cluster, namespace) (rate(awsaccountscan_reconcile_total[15m]))
    > 0.1`,
  for: "15m",
  summary: "A large share of the operator's reconciles fails.",
  description: `
    {{ $value | humanizePercentage }} of the reconciles of the operator in {{ $labels.namespace }} failed in the last
    15 minutes: it cannot read or write what it needs in the cluster.
    See: kubectl logs deployment/aws-account-scan-operator -n {{ $labels.namespace }}.`,
};
