import { planCommand } from "../report/plan-command.ts";
import type { ReportedFinding } from "../report/result.ts";
import { ruleOf } from "../rules/registry.ts";

/** What a reader can do about a finding. */
export interface Advice {
  /** Plain sentences; empty where the program has no such rule any more. */
  readonly steps: readonly string[];
  /** URLs. */
  readonly references: readonly string[];
  /** The command that makes a plan for this very resource, where there is something to plan. */
  readonly command: string | undefined;
}

export function adviceOf(finding: ReportedFinding): Advice {
  const guidance = ruleOf(finding.rule)?.guidance;
  return {
    steps: guidance?.remediation[finding.type] ?? [],
    references: guidance?.references ?? [],
    command: planCommand(finding),
  };
}
