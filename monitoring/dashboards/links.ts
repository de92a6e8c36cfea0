import { DashboardLinkBuilder, DashboardLinkType } from "@grafana/grafana-foundation-sdk/dashboard";
import { RUNBOOKS } from "../rules/alert.ts";
import { ruleFile } from "../rules/rules.ts";
import type { LabelCase } from "./queries.ts";
import type { Link } from "./tables.ts";

/**
 * What a link to the console needs besides a resource's own labels: the host of the partition, which the region's
 * name tells, and the page of the type. The air-gapped partitions' consoles have no public names.
 */
export const CONSOLE_LABELS: readonly LabelCase[] = [
  { label: "console", value: "console.aws.amazon.com", source: "region", pattern: ".*" },
  { label: "console", value: "console.amazonaws-us-gov.com", source: "region", pattern: "us-gov-.*" },
  { label: "console", value: "console.amazonaws.cn", source: "region", pattern: "cn-.*" },
  { label: "console", value: "console.amazonaws-eusc.eu", source: "region", pattern: "eusc-.*" },
  { label: "page", value: "notebook-instances", source: "type", pattern: "AWS::SageMaker::NotebookInstance" },
  { label: "page", value: "studio", source: "type", pattern: "AWS::SageMaker::Domain" },
];

/** To the row's resource. The values go in percent-encoded: names are not ours. */
export const CONSOLE_LINK: Link = {
  title: "Open in the AWS console",
  url: `https://${field("region")}.${field("console")}/sagemaker/home?region=${field("region")}#/${field("page")}/${field("resource")}`,
};

/** Every alert that is shipped, by name. */
export const ALERT_NAMES: readonly string[] = ruleFile({ runbooks: RUNBOOKS, operatorNamespace: "" })
  .groups.flatMap(({ rules }) => rules)
  .flatMap((rule) => ("alert" in rule ? [rule.alert] : []));

/** A panel's links to the runbooks of the alerts about what it shows. */
export function runbookLinks(alerts: readonly string[]): DashboardLinkBuilder[] {
  return alerts.map((alert) =>
    new DashboardLinkBuilder(`Runbook: ${alert}`)
      .type(DashboardLinkType.Link)
      .url(runbook(alert))
      .targetBlank(true),
  );
}

/** What {@link ALERT_RUNBOOK_LINK} needs besides an alert's own labels: PromQL cannot make a name lower-case. */
export const RUNBOOK_LABELS: readonly LabelCase[] = ALERT_NAMES.map((alert) => ({
  label: "runbook",
  value: alert.toLowerCase(),
  source: "alertname",
  pattern: alert,
}));

/** To the runbook of the row's alert. */
export const ALERT_RUNBOOK_LINK: Link = { title: "Open the runbook", url: `${RUNBOOKS}/${field("runbook")}` };

function runbook(alert: string): string {
  return `${RUNBOOKS}/${alert.toLowerCase()}`;
}

/** The value of another field of the same row, in Grafana's words. */
function field(name: string): string {
  return `\${__data.fields.${name}:percentencode}`;
}
