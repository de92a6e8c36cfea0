/** A Prometheus rule file, as far as ours go: https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ */
export interface RuleFile {
  readonly groups: readonly RuleGroup[];
}

/** Rules that Prometheus evaluates one after the other: a later one sees what an earlier one has just recorded. */
export interface RuleGroup {
  readonly name: string;
  /** Prometheus' own `evaluation_interval` where absent. */
  readonly interval?: string;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
}

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  /** How long the expression must hold before somebody is told. */
  readonly for: string;
  /** How long the alert outlives its expression, so that a restart of the operator does not resolve it. */
  readonly keep_firing_for?: string;
  readonly labels: { readonly severity: Severity };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
}

/** `critical` wakes somebody, `warning` is looked at today, `info` explains other alerts. */
export type Severity = "critical" | "warning" | "info";
