import { RUNBOOKS } from "../../monitoring/rules/alert.ts";
import { ruleFile } from "../../monitoring/rules/rules.ts";
import { dashboardFiles } from "./dashboards.ts";
import { chartRules, plainRules, prometheusRule } from "./rules.ts";

/** A file that is made from `monitoring`. */
export interface GeneratedFile {
  readonly file: URL;
  readonly text: string;
}

export function generatedFiles(): readonly GeneratedFile[] {
  const root = new URL("../../", import.meta.url);
  const shipped = ruleFile({ runbooks: RUNBOOKS, operatorNamespace: "aws-account-scan-system" });
  const chart = ruleFile({ runbooks: "RUNBOOK_BASE_URL", operatorNamespace: "OPERATOR_NAMESPACE" });
  return [
    { file: new URL("deploy/prometheus/rules.yaml", root), text: plainRules(shipped) },
    { file: new URL("deploy/prometheus/prometheusrule.yaml", root), text: prometheusRule(shipped) },
    {
      file: new URL("charts/aws-account-scan-operator/monitoring/rules.yaml", root),
      text: chartRules(chart),
    },
    ...dashboardFiles(),
  ];
}
