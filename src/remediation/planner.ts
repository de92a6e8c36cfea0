import { NOTEBOOK_INSTANCE } from "../rules/resource.ts";
import { planDomain } from "./domain.ts";
import { planNotebook } from "./notebook.ts";
import type { PlanChoices, RemediationPlan, RemediationSource } from "./plan.ts";

/**
 * What puts this very resource right. Pure; values pass as AWS told them, and renderers make them harmless. Throws a
 * `RangeError` where a chosen name is none that AWS takes.
 */
export function planFor(source: RemediationSource, choices: PlanChoices = {}): RemediationPlan {
  return source.type === NOTEBOOK_INSTANCE ? planNotebook(source, choices) : planDomain(source, choices);
}
