/** Pieces of PromQL that both dashboards are made of. */

import { UNTOLD } from "../rules/promql.ts";

/** The scans that the variables choose. */
export const OF_SCANS = 'namespace=~"$namespace",scan=~"$scan"';
/** The accounts of those scans that the variables choose. */
export const OF_ACCOUNTS = `${OF_SCANS},account=~"$account"`;
/** The operators that the variables choose. */
export const OF_OPERATORS = 'job=~"$job",instance=~"$instance"';

/** Coverage states that leave nothing unread. */
const READ = "covered|unsupported";

/**
 * A process that scans has not restored every record, or a scan is on its way from one to another: sums over what there is
 * so far would tell of violations mended. Then there is no number at all, as in the recording rules.
 */
const RESTORING = `((awsaccountscan_restored == 0 and awsaccountscan_leader == 1) or ${UNTOLD})`;

/**
 * Resources by verdict, each place once: two scans may read the same place, and for some minutes two processes may
 * tell of the same scan. Where they disagree the larger number counts, so that no violation is lost.
 */
function resources(verdict: string): string {
  return `(max by (account, region, type, rule, verdict) (awsaccountscan_resources{${OF_ACCOUNTS},${verdict}}) unless on () ${RESTORING})`;
}

export const VIOLATIONS = resources('verdict="violation"');
export const RESOURCES = resources('verdict=~".+"');

/** 0 where a coverage row says so, else nothing: what nobody has read has no number. */
function zeroWhere(coverage: string): string {
  return `0 * count(awsaccountscan_coverage{${OF_ACCOUNTS}${coverage}} unless on () ${RESTORING})`;
}

/** How many resources have the verdict; 0 only where some place was read. */
export function countOf(verdict: string): string {
  return `sum(${resources(`verdict="${verdict}"`)}) or ${zeroWhere(',state="covered"')}`;
}

/** The compliant ones among all that no exemption covers, rounded down: 100 % is shown where it is all of them. */
export const COMPLIANCE_RATIO = `floor(10000 * sum(${resources('verdict="compliant"')}) / (sum(${resources('verdict!="exempt"')}) > 0)) / 10000`;

/** The places that some scan was to read and could not, with that scan. */
export const HOLES = `max by (namespace, scan, account, region, state) (awsaccountscan_coverage{${OF_ACCOUNTS},state!~"${READ}"})`;

/** How many places that is; 0 only where coverage is known. */
export const HOLE_COUNT = `count(count by (account, region) (${HOLES})) or ${zeroWhere("")}`;

/** One name for each account that has one: not every scan knows it, and it may have changed between two scans. */
const ACCOUNT_NAMES = `topk by (account) (1, max by (account, account_name) (awsaccountscan_account_info{${OF_ACCOUNTS},account_name!=""}))`;

/** `expr`, which has the label `account` and not `account_name`, with that where the name is known. */
export function named(expr: string): string {
  return `(${expr}) * on (account) group_left (account_name) ${ACCOUNT_NAMES} or on (account) (${expr})`;
}

/** A metric of scans, once for each scan whoever tells of it. */
export function ofScan(metric: string): string {
  return `max by (namespace, scan) (${metric}{${OF_SCANS}})`;
}

/** A label that series get where another one of theirs matches. */
export interface LabelCase {
  readonly label: string;
  readonly value: string;
  readonly source: string;
  readonly pattern: string;
}

/** `expr` with labels; of several cases for one label the last that matches counts. */
export function labelled(expr: string, cases: readonly LabelCase[]): string {
  return cases.reduce(
    (inner, { label, value, source, pattern }) =>
      `label_replace(${inner}, "${label}", "${value}", "${source}", "${pattern}")`,
    expr,
  );
}

/** A quantile of a histogram's observations within `window`, of all processes together. */
export function quantile(
  q: number,
  histogram: string,
  by: readonly string[],
  window = "$__rate_interval",
): string {
  const labels = ["le", ...by].join(", ");
  return `histogram_quantile(${q}, sum by (${labels}) (rate(${histogram}_bucket{${OF_OPERATORS}}[${window}])))`;
}

/** Events a second, counters of all processes together. */
export function rate(counter: string, by: readonly string[], selector = ""): string {
  return `sum by (${by.join(", ")}) (rate(${counter}{${OF_OPERATORS}${selector}}[$__rate_interval]))`;
}
