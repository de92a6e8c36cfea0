import { type AlertDefinition, alert, type Installation } from "./alert.ts";
import { LATCH, LATCHED } from "./latch.ts";
import { SCAN } from "./promql.ts";
import type { RuleGroup } from "./rule-file.ts";
import { describeViolations } from "./violation-text.ts";

/**
 * Alerts about what was found: one for each scan, account and region, of exact counts, since violations' own series are
 * capped. The latch comes first in their group, so that they see its value of the same evaluation.
 */
export function violationGroup(installation: Installation): RuleGroup {
  return {
    name: "awsaccountscan.violations",
    // The latch reads its own last value, which Prometheus finds for 5 minutes.
    interval: "1m",
    rules: [LATCH, ...[NOTEBOOK, DOMAIN].map((definition) => alert(installation, definition))],
  };
}

const NOTEBOOK = violation({
  name: "NotebookDirectInternetAccess",
  type: "AWS::SageMaker::NotebookInstance",
  summary: "SageMaker notebook instances have direct internet access.",
  found: `{{ $value | printf "%.0f" }} SageMaker notebook instance{{ if gt $value 1.0 }}s{{ end }} with direct internet access`,
});

const DOMAIN = violation({
  name: "SageMakerDomainNotVpcOnly",
  type: "AWS::SageMaker::Domain",
  summary: "SageMaker domains let their apps reach the internet directly, past the VPC.",
  found: `{{ $value | printf "%.0f" }} SageMaker domain{{ if gt $value 1.0 }}s{{ end }} not limited to the VPC`,
});

function violation(options: {
  readonly name: string;
  readonly type: string;
  readonly summary: string;
  readonly found: string;
}): AlertDefinition {
  const { name, type, summary, found } = options;
  return {
    name,
    severity: "critical",
    expr: `
      max by (${SCAN}, account, region, type, rule) (
        ${LATCHED}{type="${type}",rule="SageMaker-004"}
      ) > 0`,
    for: "10m",
    summary,
    description: describeViolations(found),
  };
}
