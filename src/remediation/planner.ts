import { NOTEBOOK_INSTANCE } from "../rules/resource.ts";
import { planDomain } from "./domain.ts";
import { planNotebook } from "./notebook.ts";
import { hashedName, replacementName } from "./notebook-name.ts";
import type { NotebookSource, PlanChoices, RemediationPlan, RemediationSource } from "./plan.ts";

/**
 * What puts this very resource right. Pure; values pass as AWS told them, and renderers make them harmless. Throws a
 * `RangeError` where a chosen name is none that AWS takes.
 */
export function planFor(source: RemediationSource, choices: PlanChoices = {}): RemediationPlan {
  return source.type === NOTEBOOK_INSTANCE ? planNotebook(source, choices) : planDomain(source, choices);
}

/**
 * Plans for all of `sources`, each by what was chosen for it. No replacement gets the name of another, of a source, or
 * of one of `arns`, which are those that plans were asked for: read or not, they exist. Throws as `planFor` does.
 */
export function planAll(
  sources: readonly RemediationSource[],
  choicesFor: (source: RemediationSource) => PlanChoices,
  arns: readonly string[] = [],
): RemediationPlan[] {
  const taken = new Set([...arns, ...sources.map(({ arn }) => arn)].map(identityOf));
  return sources.map((source) => {
    const choices = choicesFor(source);
    if (source.type !== NOTEBOOK_INSTANCE) return planFor(source, choices);
    const name = choices.replacementName ?? freeName(source, taken);
    taken.add(identityOf(siblingArn(source, name)));
    return planFor(source, { ...choices, replacementName: name });
  });
}

function freeName(source: NotebookSource, taken: ReadonlySet<string>): string {
  const simple = replacementName(source.name);
  return taken.has(identityOf(siblingArn(source, simple))) ? hashedName(source.name) : simple;
}

/** The ARN of what bears `name` in the place of `source`. */
function siblingArn({ arn }: NotebookSource, name: string): string {
  return `${arn.slice(0, arn.lastIndexOf("/"))}/${name}`;
}

/** ARNs of notebook instances are in lower case, names need not be. */
function identityOf(arn: string): string {
  return arn.toLowerCase();
}
