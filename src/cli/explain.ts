import { describeFramework, frameworksOf } from "../rules/framework.ts";
import { RULES, ruleOf } from "../rules/registry.ts";
import type { Rule } from "../rules/rule.ts";
import { write } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** `awsscan explain [RULE]`: what a rule asks for, why, how to look and how to mend; without one, which there are. */
export async function explainCommand(id: string | undefined): Promise<void> {
  if (id === undefined) return write(RULES.map((rule) => `${rule.id}  ${rule.severity}  ${rule.title}\n`));
  // As it is typed: ids differ in more than their case.
  const rule = ruleOf(id) ?? RULES.find((known) => known.id.toLowerCase() === id.toLowerCase());
  if (rule === undefined) {
    throw new UsageError(
      `error: there is no rule ${id}. There is ${RULES.map((known) => known.id).join(", ")}.`,
    );
  }
  await write([explain(rule)]);
}

const WIDTH = 100;

/** All that is known of a rule, as text of at most 100 columns. */
export function explain(rule: Rule): string {
  const { guidance, frameworks } = rule;
  const sections = [
    section("Why", wrap(guidance.rationale, "")),
    section("Audit", numbered(guidance.audit)),
    ...rule.resourceTypes.map((type) =>
      section(`Remediation of ${type}`, numbered(guidance.remediation[type])),
    ),
    ...rule.resourceTypes.map((type) =>
      section(
        `Frameworks: ${type}`,
        frameworksOf(frameworks, type).flatMap((entry) => wrap(describeFramework(entry), "  ")),
      ),
    ),
    section(
      "Sources of the mapping",
      Object.values(frameworks.sources).flatMap(({ name, url }) => [name, `  ${url}`]),
    ),
    section("See also", [...guidance.references]),
  ];
  const head = [
    `${rule.id}: ${rule.title}`,
    `Severity: ${rule.severity}`,
    `Judges: ${rule.resourceTypes.join(", ")}`,
  ];
  return `${head.join("\n")}\n\n${sections.join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

function numbered(steps: readonly string[]): string[] {
  return steps.flatMap((step, at) => {
    const [first = "", ...rest] = wrap(step, "   ");
    return [`${at + 1}. ${first}`, ...rest];
  });
}

/** `text` in lines that fit; all but the first begin with `indent`. A word that is longer than a line stays whole. */
function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH - 6) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
