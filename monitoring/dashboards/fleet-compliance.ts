import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "./dashboard.ts";
import { attentionRow } from "./fleet/attention.ts";
import { complianceRow } from "./fleet/compliance.ts";
import { coverageRow } from "./fleet/coverage.ts";
import { scansRow } from "./fleet/scans.ts";
import { stateRow } from "./fleet/state.ts";
import { violationsRow } from "./fleet/violations.ts";
import { datasourceVariable, labelVariable } from "./variables.ts";

/** What violates and where, what nobody knows, and whether the page is to be believed. For those who own accounts. */
export function fleetCompliance(): Dashboard {
  return dashboard({
    uid: "awsaccountscan-fleet",
    title: "AWS account scans / Fleet compliance",
    description:
      "SageMaker notebook instances and domains with direct internet access, in all accounts that are scanned. An empty panel is no pass: the first row says whether this page can be believed.",
    range: "7d",
    refresh: "5m",
    variables: [
      datasourceVariable(),
      labelVariable({
        name: "namespace",
        label: "Namespace",
        description: "Of the AwsAccountScans",
        series: "awsaccountscan_created_timestamp_seconds",
      }),
      labelVariable({
        name: "scan",
        label: "Scan",
        description: "AwsAccountScans of those namespaces",
        series: 'awsaccountscan_created_timestamp_seconds{namespace=~"$namespace"}',
      }),
      labelVariable({
        name: "account",
        label: "Account",
        description: "AWS accounts that those scans know",
        series: 'awsaccountscan_account_info{namespace=~"$namespace",scan=~"$scan"}',
      }),
    ],
    rows: [stateRow(), complianceRow(), violationsRow(), coverageRow(), scansRow(), attentionRow()],
  });
}
