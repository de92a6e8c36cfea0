import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { AlertingRule, RuleFile } from "../../monitoring/rules/rule-file.ts";
import { run } from "../../tools/machine/command.ts";
import { goProgram } from "../../tools/machine/go-program.ts";
import { PROMTOOL } from "../../tools/monitoring/programs.ts";

/** What Prometheus has scraped: a series, and its values minute by minute in promtool's notation (`1x5 stale _x9`). */
export interface Series {
  readonly series: string;
  readonly values: string;
}

/** An alert that fires: every label but its name and severity, and its description as it is sent. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  readonly description: string;
}

/** What is to be seen after a number of minutes. */
export type Check =
  | { readonly minute: number; readonly alert: string; readonly firing: readonly Firing[] }
  | {
      readonly minute: number;
      readonly expr: string;
      readonly samples: readonly { readonly labels: string; readonly value: number }[];
    };

/** A run of Prometheus over what it has scraped, one evaluation a minute. */
export interface RuleTest {
  readonly series: readonly Series[];
  readonly checks: readonly Check[];
}

/** `name{label="value",...}` with its values. */
export function series(
  name: string,
  labels: Readonly<Record<string, string | undefined>>,
  values: string,
): Series {
  const pairs = Object.entries(labels).filter(([, value]) => value !== undefined);
  const text = pairs.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(",");
  return { series: `${name}{${text}}`, values };
}

/**
 * Has promtool run the test on the rules; throws with what it says where something else was seen. The summary,
 * severity and runbook of an alert are those of its rule: they never change.
 */
export async function runRuleTest(rules: RuleFile, test: RuleTest): Promise<void> {
  const promtool = await goProgram(PROMTOOL);
  const folder = await mkdtemp(join(tmpdir(), "rule-test-"));
  try {
    await writeFile(join(folder, "rules.yaml"), stringify(rules));
    await writeFile(join(folder, "test.yaml"), stringify(unitTest(rules, test)));
    const { code, stdout, stderr } = await run(promtool, ["test", "rules", join(folder, "test.yaml")]);
    if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/ */
function unitTest(rules: RuleFile, { series, checks }: RuleTest): unknown {
  const alerts = checks.filter((check) => "alert" in check);
  for (const { alert } of alerts) ruleOf(rules, alert);
  const samples = checks.filter((check) => "expr" in check);
  return {
    rule_files: ["rules.yaml"],
    evaluation_interval: "1m",
    tests: [
      {
        interval: "1m",
        input_series: series,
        alert_rule_test: alerts.map(({ minute, alert, firing }) => ({
          eval_time: `${minute}m`,
          alertname: alert,
          exp_alerts: firing.map((one) => expectation(ruleOf(rules, alert), one)),
        })),
        promql_expr_test: samples.map(({ minute, expr, samples: expected }) => ({
          expr,
          eval_time: `${minute}m`,
          exp_samples: expected,
        })),
      },
    ],
  };
}

function expectation(rule: AlertingRule, { labels, description }: Firing): unknown {
  return {
    exp_labels: { ...rule.labels, ...labels },
    exp_annotations: { ...rule.annotations, description },
  };
}

/** A name that no rule has would be an alert that never fires, and a test that never fails. */
function ruleOf({ groups }: RuleFile, name: string): AlertingRule {
  for (const { rules } of groups)
    for (const rule of rules) if ("alert" in rule && rule.alert === name) return rule;
  throw new Error(`no rule is called ${name}`);
}
