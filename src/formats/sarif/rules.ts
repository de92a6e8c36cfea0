import type { ScanResult } from "../../report/result.ts";
import type { Unread } from "../../report/unread.ts";
import type { Rule } from "../../rules/rule.ts";

import { sarifMessage } from "./message.ts";
import type { SarifRule, Taxonomies } from "./taxonomies.ts";
import { titleOf } from "./taxonomies.ts";

/** `tool.driver`: the program, its rules with their help, and what its notifications mean. */
export function sarifDriver(
  { scan }: ScanResult,
  rules: readonly SarifRule[],
  taxonomies: Taxonomies,
): object {
  return {
    name: "awsscan",
    version: scan.version,
    rules: rules.map(({ id, rule }) => (rule === undefined ? { id } : descriptorOf(rule, taxonomies))),
    notifications: Object.entries(NOTIFICATIONS).map(([id, text]) => ({
      id,
      shortDescription: { text },
      fullDescription: { text },
      help: { text: `${text} docs/verdicts.md says more.` },
      defaultConfiguration: { level: id === "harmless" ? "warning" : "error" },
    })),
    supportedTaxonomies: taxonomies.references,
  };
}

/** What a notification says, by the id of its descriptor. */
const NOTIFICATIONS: Readonly<Record<Unread["state"] | "harmless", string>> = {
  denied: "The role lacks a permission, or its trust policy refuses.",
  "denied-by-scp": "A service control policy forbids it.",
  "not-enabled": "The account has not opted in to the region.",
  throttled: "The quota let nothing through.",
  "timed-out": "The scan's time was over, or a request's.",
  unreachable: "No name, no connection, or a connection that broke.",
  failed: "AWS answered with an error of its own, or with what cannot be understood.",
  interrupted: "The scan was ended before it was done.",
  "not-listed": "Resources that could not be judged, and are not listed one by one.",
  "nothing-in-scope": "Not one place was to be read.",
  incomplete: "The scan does not say what it lacks.",
  harmless: "A call failed, and took nothing from the verdicts.",
};

/** GitHub's ranges: medium is 4.0 to 6.9, high to 8.9. */
const SECURITY_SEVERITY: Readonly<Record<Rule["severity"], string>> = {
  low: "3.0",
  medium: "5.5",
  high: "8.0",
  critical: "9.5",
};

function descriptorOf(rule: Rule, taxonomies: Taxonomies): object {
  const { rationale, audit, remediation, references } = rule.guidance;
  const sections: [string, readonly string[]][] = [
    ["Audit", audit],
    ...rule.resourceTypes.map((type): [string, readonly string[]] => [
      `Remediation of ${type}`,
      remediation[type],
    ]),
  ];
  const frameworks = rule.frameworks.frameworks.filter(({ superseded }) => !superseded).map(titleOf);
  return {
    id: rule.id,
    name: rule.title.replaceAll(/\W*\b(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: sarifMessage(rule.title),
    fullDescription: sarifMessage(rule.guidance.rationale),
    ...(references[0] === undefined ? {} : { helpUri: references[0] }),
    help: {
      text: [rationale, ...sections.map(([title, steps]) => `${title}:\n${numbered(steps)}`)].join("\n\n"),
      markdown: [
        rationale,
        ...sections.map(([title, steps]) => `## ${title}\n${numbered(steps)}`),
        `## References\n${references.map((url) => `- <${url}>`).join("\n")}`,
      ].join("\n\n"),
    },
    defaultConfiguration: { level: "error" },
    relationships: taxonomies.ofRule(rule).map((target) => ({ target, kinds: ["relevant"] })),
    properties: {
      "security-severity": SECURITY_SEVERITY[rule.severity],
      precision: "very-high",
      "problem.severity": "error",
      tags: ["security", "compliance", ...frameworks].slice(0, GITHUB_TAGS),
    },
  };
}

/** What GitHub shows of a rule's tags. */
const GITHUB_TAGS = 10;

function numbered(steps: readonly string[]): string {
  return steps.map((step, index) => `${index + 1}. ${step}`).join("\n");
}
