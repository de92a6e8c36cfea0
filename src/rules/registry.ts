import type { Rule } from "./rule.ts";
import { sagemaker004 } from "./sagemaker-004/rule.ts";

/** Every rule that scans can name. A new rule is a new folder and one line here. */
export const RULES: readonly Rule[] = [sagemaker004];

/**
 * The rules that a scan asks for: those of `include`, or all where it is undefined. Ids that no rule has are
 * returned apart, since a misspelt rule must not pass for one that found nothing.
 */
export function selectRules(include: readonly string[] | undefined): {
  rules: readonly Rule[];
  unknown: readonly string[];
} {
  if (include === undefined) return { rules: RULES, unknown: [] };
  return {
    rules: RULES.filter((rule) => include.includes(rule.id)),
    unknown: include.filter((id) => !RULES.some((rule) => rule.id === id)),
  };
}

/** The rule of this id; undefined where none has it, since records outlive the programs that wrote them. */
export function ruleOf(id: string): Rule | undefined {
  return RULES.find((rule) => rule.id === id);
}
