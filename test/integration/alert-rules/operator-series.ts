/** What an operator with one scan gives Prometheus, minute by minute in promtool's notation. */
import { type Series, series } from "../../support/rule-tests.ts";

const TARGET = { job: "aws-account-scan-operator", instance: "10.0.0.1:8080", pod: "operator-a" };
const NAMESPACE = "aws-account-scan-system";

export const SCAN = { namespace: "team-a", scan: "nightly" };
export const ACCOUNT = "111111111111";
export const REGION = "us-east-1";
export const NOTEBOOK = "AWS::SageMaker::NotebookInstance";
export const DOMAIN = "AWS::SageMaker::Domain";
export const RULE = "SageMaker-004";

/** The labels of an alert about violations of `type`. */
export function placeOf(type: string) {
  return { ...SCAN, account: ACCOUNT, region: REGION, type, rule: RULE };
}

export type Labels = Readonly<Record<string, string | undefined>>;

/** A series of a process; `labels` may name another one. */
export function ofProcess(name: string, values: string, labels: Labels = {}): Series {
  return series(`awsaccountscan_${name}`, { namespace: NAMESPACE, ...TARGET, ...labels }, values);
}

/** Keys that wait in a queue of that process. */
export function queueDepth(name: string, values: string, labels: Labels = {}): Series {
  return series("workqueue_depth", { namespace: NAMESPACE, ...TARGET, name, ...labels }, values);
}

/** A series of the scan, from that process. */
export function ofScan(name: string, values: string, labels: Labels = {}): Series {
  return series(`awsaccountscan_${name}`, { ...SCAN, ...TARGET, ...labels }, values);
}

/** An operator that is up throughout, unless its values say otherwise. */
export function operator(
  values: { readonly up?: string; readonly restored?: string; readonly leader?: string } = {},
  labels: Labels = {},
): Series[] {
  const { up = "1x1000", restored = up, leader = up } = values;
  return [
    ofProcess("build_info", up, { version: "1.0.0", ...labels }),
    ofProcess("restored", restored, labels),
    ofProcess("leader", leader, labels),
  ];
}

/** Counts of a place by verdict. */
export function resources(verdict: string, values: string, labels: Labels = {}): Series {
  const place = { account: ACCOUNT, region: REGION, type: NOTEBOOK, rule: RULE };
  return ofScan("resources", values, { ...place, verdict, ...labels });
}

/** One violation's own series: first seen at `since`, last verified at `verified` (seconds since the epoch). */
export function violation(
  resource: string,
  since: number,
  verified: number,
  during: string = "x1000",
  labels: Labels = {},
): Series[] {
  const all = {
    account: ACCOUNT,
    account_name: "",
    region: REGION,
    type: NOTEBOOK,
    rule: RULE,
    resource,
    ...labels,
  };
  return [
    ofScan("violation_info", `1${during}`, all),
    ofScan("violation_first_seen_timestamp_seconds", `${since}${during}`, all),
    ofScan("violation_last_verified_timestamp_seconds", `${verified}${during}`, all),
  ];
}

/** A scan that is as it should be: made at minute 0, scanned, due in the far future. */
export function healthyScan(but: Readonly<Record<string, string | undefined>> = {}): Series[] {
  const values: Readonly<Record<string, string | undefined>> = {
    scan_info: "1x1000",
    created_timestamp_seconds: "0x1000",
    suspended: "0x1000",
    scan_timeout_seconds: "900x1000",
    period_seconds: "3600x1000",
    schedule_lag_seconds: "2x1000",
    last_success_timestamp_seconds: "60x1000",
    next_scan_timestamp_seconds: "1000000x1000",
    consecutive_failures: "0x1000",
    metrics_truncated: "0x1000",
    ...but,
  };
  return [
    ...Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [ofScan(name, value)])),
    coverage("covered"),
    condition("Ready", "True", "Succeeded"),
    condition("Complete", "True", "EverythingRead"),
  ];
}

export function coverage(state: string, values = "1x1000", labels: Labels = {}): Series {
  return ofScan("coverage", values, { account: ACCOUNT, region: REGION, state, ...labels });
}

export function condition(type: string, status: string, reason: string, values = "1x1000"): Series {
  return ofScan("condition", values, { type, status, reason });
}
