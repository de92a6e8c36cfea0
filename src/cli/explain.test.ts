import { describe, expect, it } from "vitest";
import { RULES } from "../rules/registry.ts";
import { explain } from "./explain.ts";

describe.each(RULES)("explain $id", (rule) => {
  const text = explain(rule);

  it("tells rationale, audit, remediation, frameworks and sources", () => {
    for (const title of [
      "Why",
      "Audit",
      "Remediation of",
      "Frameworks",
      "Sources of the mapping",
      "See also",
    ]) {
      expect(text).toContain(`\n${title}`);
    }
    for (const { name } of rule.frameworks.frameworks) expect(text).toContain(name);
  });

  it("fits 100 columns, but for names and URLs, which must not be broken", () => {
    const sources = Object.values(rule.frameworks.sources).flatMap(({ name, url }) => [name, url]);
    const long = text.split("\n").filter((line) => line.length > 100);
    expect(long.filter((line) => !sources.includes(line.trim()))).toEqual([]);
  });
});
