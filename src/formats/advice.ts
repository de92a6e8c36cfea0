import { planCommand } from "../report/plan-command.ts";
import type { ReportedFinding } from "../report/result.ts";
import type { FrameworkControls } from "../rules/framework.ts";
import { ruleOf } from "../rules/registry.ts";
import { typeNoun } from "./words.ts";

/** What a rule says of putting one type of resources right. */
interface Guidance {
  /** Plain sentences; empty where the program has no such rule any more. */
  readonly steps: readonly string[];
  /** URLs. */
  readonly references: readonly string[];
}

/** What a reader can do about a finding. */
export interface Advice extends Guidance {
  /** The command that makes a plan for this very resource, where there is something to plan. */
  readonly command: string | undefined;
}

export function adviceOf(finding: ReportedFinding): Advice {
  return { ...guidanceOf(finding), command: planCommand(finding) };
}

/** What there is to learn of one rule and one type of resources: told once, however many findings there are. */
export interface Lesson extends Guidance {
  /** As {@link lessonKey} makes it. */
  readonly key: string;
  /** `SageMaker-004: notebook instances`. */
  readonly title: string;
  readonly rationale: string;
  readonly frameworks: readonly FrameworkControls[];
}

/** Of the rules and types that `findings` have; a rule that this program lacks teaches nothing. */
export function lessonsOf(findings: readonly ReportedFinding[]): Lesson[] {
  const first = new Map(findings.map((finding) => [lessonKey(finding), finding]));
  return [...first].flatMap(([key, finding]) => {
    const { rule: id, type, frameworks } = finding;
    const rule = ruleOf(id);
    if (rule === undefined) return [];
    const { rationale } = rule.guidance;
    return [{ key, title: `${id}: ${typeNoun(type)}s`, rationale, frameworks, ...guidanceOf(finding) }];
  });
}

/** Equal for findings that have the same lesson. */
export function lessonKey({ rule, type }: Pick<ReportedFinding, "rule" | "type">): string {
  return `${rule} ${type}`;
}

function guidanceOf({ rule, type }: Pick<ReportedFinding, "rule" | "type">): Guidance {
  const guidance = ruleOf(rule)?.guidance;
  return { steps: guidance?.remediation[type] ?? [], references: guidance?.references ?? [] };
}
