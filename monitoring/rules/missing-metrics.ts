import { OPERATOR, SCAN } from "./promql.ts";
import type { RecordingRule } from "./rule-file.ts";

/** 1 for each metric, in the label `metric`, that an operator ought to have and has not. */
export const MISSING = "namespace_job:awsaccountscan_metric:missing";

/** An hour is enough for a first scan and its status. */
const SETTLED_SCAN = "(time() - awsaccountscan_created_timestamp_seconds > 3600)";
const HAS_RESULT = "awsaccountscan_last_success_timestamp_seconds";
const AWAITS_SCAN = `(
  ${HAS_RESULT}
  unless on (${SCAN}) (awsaccountscan_suspended == 1)
  unless on (${SCAN}) (awsaccountscan_condition{type="Stalled",status="True"} == 1)
)`;

const OVERDUE = "(time() - awsaccountscan_next_scan_timestamp_seconds > 600)";

/** Metrics that alerts depend on, and what proves that an operator would have them; `undefined` where it always has. */
const EXPECTED: readonly (readonly [metric: string, proof: string | undefined])[] = [
  ["awsaccountscan_restored", undefined],
  ["awsaccountscan_leader", undefined],
  ["awsaccountscan_scan_info", "awsaccountscan_condition"],
  ["awsaccountscan_created_timestamp_seconds", "awsaccountscan_condition"],
  ["awsaccountscan_suspended", SETTLED_SCAN],
  ["awsaccountscan_scan_timeout_seconds", SETTLED_SCAN],
  ["awsaccountscan_condition", SETTLED_SCAN],
  ["awsaccountscan_period_seconds", SETTLED_SCAN],
  ["awsaccountscan_coverage", HAS_RESULT],
  ["awsaccountscan_consecutive_failures", HAS_RESULT],
  ["awsaccountscan_next_scan_timestamp_seconds", AWAITS_SCAN],
  ["awsaccountscan_schedule_lag_seconds", OVERDUE],
  ["awsaccountscan_resources", "awsaccountscan_violation_info"],
];

/**
 * An alert whose metric has vanished, by a renaming or a relabelling that drops too much, never fires and looks like
 * peace. A metric counts as missing where an operator has it for no scan at all.
 */
export const MISSING_METRICS: readonly RecordingRule[] = EXPECTED.map(([metric, proof]) => ({
  record: MISSING,
  labels: { metric },
  expr: [
    "max by (cluster, namespace, job) (awsaccountscan_build_info)",
    ...(proof === undefined ? [] : [`and on (${OPERATOR}) ${proof}`]),
    `unless on (${OPERATOR}) ${metric}`,
  ].join("\n"),
}));
