import { dedent } from "./promql.ts";
import type { AlertingRule, Severity } from "./rule-file.ts";

/** Where the pages of `docs/runbooks` are published; the page is the alert's name in lower case. */
export const RUNBOOKS = "https://awsaccountscan.dev/runbooks";

/** What differs from one installation to the next. */
export interface Installation {
  /** The URL below which the runbooks are. */
  readonly runbooks: string;
  /** The namespace that the operator runs in; a rule about an operator that is gone has no other way to know it. */
  readonly operatorNamespace: string;
}

export interface AlertDefinition {
  readonly name: string;
  readonly severity: Severity;
  readonly expr: string;
  readonly for: string;
  readonly keepFiringFor?: string;
  /** One sentence without values: what is wrong wherever this alert fires. */
  readonly summary: string;
  /** A Go template, which may break lines for its reader: they become spaces. */
  readonly description: string;
}

/** An alert by kube-prometheus' conventions. */
export function alert(installation: Installation, definition: AlertDefinition): AlertingRule {
  const { name, severity, expr, keepFiringFor, summary, description } = definition;
  return {
    alert: name,
    expr: dedent(expr),
    for: definition.for,
    ...(keepFiringFor !== undefined && { keep_firing_for: keepFiringFor }),
    labels: { severity },
    annotations: {
      summary,
      description: description.replaceAll(/\s*\n\s*/g, " ").trim(),
      runbook_url: `${installation.runbooks}/${name.toLowerCase()}`,
    },
  };
}

/**
 * How long alerts about scans outlive a gap in their series: a restart or takeover takes a minute or two. A longer
 * outage has its own alert by then.
 */
export const OVER_A_RESTART = "15m";
