import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "./dashboard.ts";
import { awsRow } from "./operator/aws.ts";
import { apiServerRow, processRow } from "./operator/process.ts";
import { stateRow } from "./operator/state.ts";
import { queuesRow, scansRow } from "./operator/work.ts";
import { datasourceVariable, labelVariable } from "./variables.ts";

/** Whether the operator does its work, and what it takes. For those who run it. */
export function operatorHealth(): Dashboard {
  return dashboard({
    uid: "awsaccountscan-operator",
    title: "AWS account scans / Operator health",
    description: "The operator's process: its queues, its scans, AWS's answers, and what it takes.",
    range: "6h",
    refresh: "1m",
    variables: [
      datasourceVariable(),
      labelVariable({
        name: "job",
        label: "Job",
        description: "Prometheus' name for the scraped operators",
        series: "awsaccountscan_build_info",
      }),
      labelVariable({
        name: "instance",
        label: "Instance",
        description: "Processes of those jobs",
        series: 'awsaccountscan_build_info{job=~"$job"}',
      }),
    ],
    rows: [stateRow(), queuesRow(), scansRow(), awsRow(), apiServerRow(), processRow()],
  });
}
