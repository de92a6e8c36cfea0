import { expect, it } from "vitest";
import { LABELS } from "./metric-labels.ts";
import { QUERIES } from "./metric-queries.ts";
import { operatorFamilies } from "./metrics.ts";

const families = new Map(operatorFamilies().map((family) => [family.name, family]));

it.each(QUERIES)("asks only metrics that there are, by labels that they have: $question", ({ promql }) => {
  const names = [...promql.matchAll(/\b(awsaccountscan_\w+)(?:\{(.*?)\})?/g)];
  expect(names.length).toBeGreaterThan(0);
  for (const [, name = "", matchers = ""] of names) {
    const family = families.get(name) ?? families.get(name.replace(/_(?:sum|count|bucket)$/, ""));
    expect(family?.name, name).toBeDefined();
    for (const [, label] of matchers.matchAll(/(\w+)[=!]/g)) expect(family?.labelNames).toContain(label);
  }
});

it("explains no label that no metric has", () => {
  const used = new Set([...families.values()].flatMap(({ labelNames }) => labelNames));
  expect(Object.keys(LABELS).filter((label) => !used.has(label))).toEqual([]);
});
