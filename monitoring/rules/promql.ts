/** What the rules' PromQL shares. */

/**
 * Labels of a scan in `by` and `on` clauses. `cluster` is there only where one Prometheus evaluates for several clusters,
 * and is kept then, since their scans may have the same names.
 */
export const SCAN = "cluster, namespace, scan";

/** Labels of an operator: its replicas, and the one that comes after it, have the same. */
export const OPERATOR = "cluster, job";

/**
 * Operators that have restored every scan and are the ones that scan. Only where this holds is a missing series
 * proof that there is nothing; else it says that nobody has looked yet.
 */
export const SERVING = "(awsaccountscan_restored == 1 and awsaccountscan_leader == 1)";

/**
 * Scans that there are and of which nobody tells. Every process that scans says which there are; only one that works on a
 * scan, and has restored it, says how it stands. Where replicas share the scans, those of one that is gone are for a while
 * nobody's, though all others are serving.
 */
export const UNTOLD = [
  `(awsaccountscan_scan_info and on (${OPERATOR}, instance) (awsaccountscan_leader == 1)`,
  `unless on (${SCAN}) awsaccountscan_condition`,
  `unless on (${SCAN}) awsaccountscan_consecutive_failures)`,
].join(" ");

/** `text` without the indentation of its first line, and without the line breaks around it. */
export function dedent(text: string): string {
  const lines = text.replace(/^\n/, "").trimEnd().split("\n");
  const indent = /^ */.exec(lines[0] ?? "")?.[0].length ?? 0;
  return lines.map((line) => line.slice(Math.min(indent, line.length - line.trimStart().length))).join("\n");
}
