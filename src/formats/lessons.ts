import type { ReportedFinding } from "../report/result.ts";
import type { FrameworkControls } from "../rules/framework.ts";
import { ruleOf } from "../rules/registry.ts";
import { typeNoun } from "./words.ts";

/** What there is to learn of one rule and one type of resources: told once, however many findings there are. */
export interface Lesson {
  /** As {@link lessonKey} makes it. */
  readonly key: string;
  /** `SageMaker-004: notebook instances`. */
  readonly title: string;
  readonly rationale: string;
  /** The remediation. */
  readonly steps: readonly string[];
  readonly frameworks: readonly FrameworkControls[];
  /** URLs. */
  readonly references: readonly string[];
}

/** Of the rules and types that `findings` have; a rule that this program lacks teaches nothing. */
export function lessonsOf(findings: readonly ReportedFinding[]): Lesson[] {
  const first = new Map(findings.map((finding) => [lessonKey(finding), finding]));
  return [...first.values()].flatMap(({ rule: id, type, frameworks }) => {
    const rule = ruleOf(id);
    if (rule === undefined) return [];
    const { rationale, remediation, references } = rule.guidance;
    const key = lessonKey({ rule: id, type });
    return [
      {
        key,
        title: `${id}: ${typeNoun(type)}s`,
        rationale,
        steps: remediation[type],
        frameworks,
        references,
      },
    ];
  });
}

/** Equal for findings that have the same lesson. */
export function lessonKey({ rule, type }: Pick<ReportedFinding, "rule" | "type">): string {
  return `${rule} ${type}`;
}
