import { stringify } from "yaml";
import type { RuleFile } from "../../monitoring/rules/rule-file.ts";

const GENERATED = "# Generated from monitoring/rules by npm run generate; edit those files instead.\n";

/** What `rule_files` of a Prometheus takes. */
export function plainRules(rules: RuleFile): string {
  return GENERATED + yaml(rules);
}

/** For a cluster with prometheus-operator. The labels are those that kube-prometheus' Prometheus looks for. */
export function prometheusRule(rules: RuleFile): string {
  return (
    GENERATED +
    yaml({
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: {
        name: "aws-account-scan-operator",
        namespace: "aws-account-scan-system",
        labels: {
          "app.kubernetes.io/name": "aws-account-scan-operator",
          prometheus: "k8s",
          role: "alert-rules",
        },
      },
      spec: rules,
    })
  );
}

const TOKENS = `# For the chart's template, which replaces two tokens and must not take the braces of annotations for its own:
#   RUNBOOK_BASE_URL    the URL below which the runbooks are
#   OPERATOR_NAMESPACE  the namespace of the release
`;

export function chartRules(rules: RuleFile): string {
  return GENERATED + TOKENS + yaml(rules);
}

/** Long lines stay whole, so that an expression can be copied as it is. */
function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}
