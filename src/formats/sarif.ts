import type { Format } from "./format.ts";
import { jsonLine, prettyJson } from "./json-text.ts";
import { sarifInvocation } from "./sarif/invocation.ts";
import { sarifResults } from "./sarif/result.ts";
import { sarifDriver } from "./sarif/rules.ts";
import { rulesOf, Taxonomies } from "./sarif/taxonomies.ts";
import { visibleValue } from "./visible-value.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/**
 * SARIF 2.1.0, one run, a result a line: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/
 * What could not be read is a notification of the invocation, which then was not successful.
 */
export const sarif: Format = function* (result) {
  const rules = rulesOf(result);
  const taxonomies = new Taxonomies(rules);
  const run = {
    tool: { driver: sarifDriver(result, rules, taxonomies) },
    // GitHub takes all before the last slash for the category: uploads of one category replace each other.
    automationDetails: {
      id: `awsscan/${result.scan.startTime}`,
      description: { text: "What awsscan found in AWS accounts." },
    },
    invocations: [sarifInvocation(result)],
    taxonomies: taxonomies.components,
    columnKind: "utf16CodeUnits",
    properties: { summary: result.summary, accounts: result.accounts },
  };
  yield `{\n  "$schema": "${SCHEMA}",\n  "version": "2.1.0",\n  "runs": [\n    `;
  // Without its closing brace: the results follow, one by one.
  yield prettyJson(visibleValue(run), 2).replace(/\s*\}$/, "");
  yield `,\n      "results": [`;
  let before = "\n        ";
  for (const entry of sarifResults(result, rules, taxonomies)) {
    yield before + jsonLine(visibleValue(entry));
    before = ",\n        ";
  }
  yield "\n      ]\n    }\n  ]\n}\n";
};
