import { dedent, OPERATOR, SCAN, SERVING, UNTOLD } from "./promql.ts";
import type { RecordingRule } from "./rule-file.ts";

/**
 * Violations by place, held where nobody can say anything else: see docs/adr/011-alerts-hold.md. Beside the labels in
 * its name it has those of the operator (`cluster`, `job`).
 */
export const LATCHED = "namespace_scan_account_region_type_rule:awsaccountscan_violations:latched";

/**
 * What there is now, or else the rule's own last value. That one ends by what the operator says of the scan, or by an
 * operator that knows every scan and not this one; not while the scan is there and nobody tells of it. A rule reads its own last value for Prometheus' lookback
 * of 5 minutes, so its group must be evaluated more often; and what it lets go of is marked as stale and never comes back.
 */
export const LATCH: RecordingRule = {
  record: LATCHED,
  expr: dedent(`
    max by (${OPERATOR}, namespace, scan, account, region, type, rule) (
      awsaccountscan_resources{verdict="violation"}
    ) > 0
    or
    (
      ${LATCHED}
      unless on (${SCAN}) awsaccountscan_resources
      unless on (${OPERATOR}) ${SERVING}
    )
    or
    (
      ${LATCHED}
      unless on (${SCAN}) awsaccountscan_resources
      and on (${SCAN}) ${UNTOLD}
    )`),
};
