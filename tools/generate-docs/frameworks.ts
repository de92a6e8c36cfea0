import { describeFramework, type Framework, frameworksOf } from "../../src/rules/framework.ts";
import type { Rule } from "../../src/rules/rule.ts";

/** The page of what a rule's findings are mapped to, and by whom: the rule's data file, as Markdown. */
export function frameworksPage(rules: readonly Rule[]): string {
  return `<!-- Generated from src/rules/*/frameworks.json by npm run generate; edit that file instead. -->
# Compliance frameworks

Which controls each rule serves, and who says so. Findings carry the ids of AWS Security Hub where it has any of a
framework, else those of the other sources; a framework that its sources claim as a whole, without ids, is named without
any. Ids are the sources' claims about the rule, not an assessment of yours.

${rules.map(section).join("\n\n")}
`;
}

function section({ id, title, resourceTypes, frameworks: mapping }: Rule): string {
  const sources = Object.entries(mapping.sources).map(
    ([key, { name, url }]) => `- \`${key}\`: [${name}](${url})`,
  );
  const carried = resourceTypes.flatMap((type) => [
    `- \`${type}\``,
    ...frameworksOf(mapping, type).map((framework) => `  - ${describeFramework(framework)}`),
  ]);
  const rows = mapping.frameworks.flatMap(rowsOf);
  return `## ${id}: ${title}

### What findings carry
${carried.join("\n")}

### Every id, with its sources
| framework | id | given by |
|---|---|---|
${rows.join("\n")}

### Sources
${sources.join("\n")}`;
}

function rowsOf({ name, version, superseded, claimedBy, controls }: Framework): string[] {
  const title = `${[name, version].filter(Boolean).join(" ")}${superseded ? " (superseded)" : ""}`;
  if (controls.length === 0) return [`| ${title} | none | ${claimedBy.join(", ")} |`];
  return controls.map(({ id, sources }) => `| ${title} | ${id} | ${sources.join(", ")} |`);
}
