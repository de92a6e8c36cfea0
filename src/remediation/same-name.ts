import type { RemediationPlan } from "./plan.ts";

/**
 * Refuses plans of one place where two resources would share a replacement, or one would be its own neighbour's: the
 * second would be deleted with nothing in its stead. Every renderer asks, whoever made the plans.
 * @throws {RangeError}
 */
export function refuseSameNames(plans: readonly RemediationPlan[]): void {
  const notebooks = plans.filter((plan) => plan.kind === "ReplaceNotebookInstance");
  const taken = new Set(notebooks.map(({ source }) => source.name.toLowerCase()));
  if (taken.size < notebooks.length) throw new RangeError("one notebook instance is planned for twice");
  for (const { source, replacement } of notebooks) {
    const name = replacement.name.toLowerCase();
    if (taken.has(name))
      throw new RangeError(
        `the replacement of ${source.name} cannot be called ${replacement.name}: another is`,
      );
    taken.add(name);
  }
}
