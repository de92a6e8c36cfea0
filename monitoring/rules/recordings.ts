import { dedent, UNTOLD } from "./promql.ts";
import type { RecordingRule, RuleGroup } from "./rule-file.ts";

/**
 * Sums over the whole fleet, named `level:metric:operation`. A resource that two scans see counts once. There are none
 * while an operator restores its scans after a start, or scans go from one to another: a gap says that, a dip would tell of
 * violations mended.
 */
export const RECORDS = {
  /** Resources by verdict, each account and region once however many scans read it. */
  resources: "account_region_type_rule_verdict:awsaccountscan_resources:max",
  /** Resources of the fleet by rule and verdict. */
  resourcesByVerdict: "rule_verdict:awsaccountscan_resources:sum",
  /** Compliant ones of those that are not exempt, by rule, from 0 to 1; an unknown one counts against. */
  compliance: "rule:awsaccountscan_compliance:ratio",
  /** The same of each account. */
  complianceByAccount: "account_rule:awsaccountscan_compliance:ratio",
  violationsByAccount: "account_rule:awsaccountscan_violations:sum",
  violationsByRegion: "region_rule:awsaccountscan_violations:sum",
  violationsByType: "type_rule:awsaccountscan_violations:sum",
  /** Accounts and regions in scope by what came of reading them, each once for every state that a scan met. */
  coverageByState: "state:awsaccountscan_coverage:count",
} as const;

export function fleetRecordings(): RuleGroup {
  return {
    name: "awsaccountscan.fleet",
    rules: [
      sum(RECORDS.resources, `max by (account, region, type, rule, verdict) (awsaccountscan_resources)`),
      { record: RECORDS.resourcesByVerdict, expr: `sum by (rule, verdict) (${RECORDS.resources})` },
      { record: RECORDS.compliance, expr: ratio("rule") },
      { record: RECORDS.complianceByAccount, expr: ratio("account, rule") },
      { record: RECORDS.violationsByAccount, expr: violations("account, rule") },
      { record: RECORDS.violationsByRegion, expr: violations("region, rule") },
      { record: RECORDS.violationsByType, expr: violations("type, rule") },
      sum(
        RECORDS.coverageByState,
        `count by (state) (max by (account, region, state) (awsaccountscan_coverage))`,
      ),
    ],
  };
}

/** What every other sum is made from: absent while something has not been restored by who has to. */
function sum(record: string, expr: string): RecordingRule {
  return {
    record,
    expr: dedent(`
      ${expr}
      unless on ()
      (awsaccountscan_restored == 0 and awsaccountscan_leader == 1)
      unless on ()
      ${UNTOLD}`),
  };
}

function violations(by: string): string {
  return `sum by (${by}) (${RECORDS.resources}{verdict="violation"})`;
}

/** Where nothing can be judged there is no ratio, rather than one of 0 / 0. */
function ratio(by: string): string {
  return dedent(`
    sum by (${by}) (${RECORDS.resources}{verdict="compliant"})
    /
    (sum by (${by}) (${RECORDS.resources}{verdict=~"compliant|violation|unknown"}) > 0)`);
}
