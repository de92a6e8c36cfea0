import { RUNBOOKS } from "../../../monitoring/rules/alert.ts";
import { ruleFile } from "../../../monitoring/rules/rules.ts";
import { type Check, type Firing, runRuleTest, type Series } from "../../support/rule-tests.ts";

/** The rules as `deploy/prometheus/rules.yaml` has them. */
const SHIPPED = ruleFile({ runbooks: RUNBOOKS, operatorNamespace: "aws-account-scan-system" });

/** What the shipped rules make of `series`. */
export function expectAlerts(series: readonly Series[], checks: readonly Check[]): Promise<void> {
  return runRuleTest(SHIPPED, { series, checks });
}

/** Checks that `alert` fires exactly so at each of `minutes`. */
export function fires(alert: string, minutes: readonly number[], ...firing: readonly Firing[]): Check[] {
  return minutes.map((minute) => ({ minute, alert, firing }));
}

/** Checks that `alert` does not fire at any of `minutes`. */
export function silent(alert: string, minutes: readonly number[]): Check[] {
  return fires(alert, minutes);
}
