/** A question, and the PromQL that answers it. */
export interface Query {
  readonly question: string;
  readonly promql: string;
}

/** What people ask first. Each runs as it stands, and over any number of scans. */
export const QUERIES: readonly Query[] = [
  {
    question: "Violations, by scan and account, with the accounts' names",
    promql: `sum by (namespace, scan, account) (awsaccountscan_resources{verdict="violation"})
  * on (namespace, scan, account) group_left (account_name) awsaccountscan_account_info`,
  },
  {
    question: "The share of resources that comply, unknown ones counted as not, exempt ones left out",
    promql: `sum by (namespace, scan) (awsaccountscan_resources{verdict="compliant"})
  / sum by (namespace, scan) (awsaccountscan_resources{verdict!="exempt"})`,
  },
  {
    question: "The ten oldest violations, by age in seconds",
    promql: "topk(10, time() - awsaccountscan_violation_first_seen_timestamp_seconds)",
  },
  {
    question: "Violations that nobody could verify for a day",
    promql: "time() - awsaccountscan_violation_last_verified_timestamp_seconds > 86400",
  },
  {
    question: "What silence says nothing about: accounts and regions that could not be read",
    promql: `awsaccountscan_coverage{state!~"covered|unsupported"}`,
  },
  {
    question: "Scans that are an hour overdue",
    promql: "time() - awsaccountscan_next_scan_timestamp_seconds > 3600",
  },
  {
    question: "Scans that have read nothing within an hour of their creation, the suspended ones apart",
    promql: `time() - awsaccountscan_created_timestamp_seconds > 3600
  unless on (namespace, scan) awsaccountscan_last_success_timestamp_seconds
  unless on (namespace, scan) (awsaccountscan_suspended == 1)`,
  },
  {
    question: "Scans that no clock will mend: their spec or their credentials must change",
    promql: `awsaccountscan_condition{type="Stalled", status="True"}`,
  },
  {
    question: "Exemptions that end within a week and cover something",
    promql: `awsaccountscan_exemption_expiry_timestamp_seconds - time() < 7 * 86400
  and on (namespace, scan, exemption) (awsaccountscan_exemption_resources > 0)`,
  },
  {
    question: "How long violations lasted that were put right in the last 30 days, on average, in seconds",
    promql: `sum by (namespace) (increase(awsaccountscan_violation_resolution_seconds_sum[30d]))
  / sum by (namespace) (increase(awsaccountscan_violation_resolution_seconds_count[30d]))`,
  },
  {
    question: "The share of AWS requests that were throttled",
    promql: `sum by (service, operation) (rate(awsaccountscan_aws_requests_total{outcome="throttled"}[15m]))
  / sum by (service, operation) (rate(awsaccountscan_aws_requests_total[15m]))`,
  },
  {
    question: "How long 99 of 100 AWS requests took at most, in seconds",
    promql: `histogram_quantile(0.99,
  sum by (service, operation, le) (rate(awsaccountscan_aws_request_duration_seconds_bucket[15m])))`,
  },
];
