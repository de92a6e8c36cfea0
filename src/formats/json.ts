import { findingObject } from "./finding-object.ts";
import type { Format } from "./format.ts";
import { prettyJson } from "./json-text.ts";

/**
 * The result itself, and what `--baseline` reads. First what scripts are promised (`summary`, `findings`, `failures`),
 * then the rest; see {@link import("../report/result.ts").ScanResult}.
 */
export const json: Format = function* ({ summary, findings, failures, scan, accounts, coverage, baseline }) {
  yield `{\n  "summary": ${prettyJson(summary, 1)}`;
  yield* list("findings", findings.values().map(findingObject));
  yield* list("failures", failures);
  yield `,\n  "scan": ${prettyJson(scan, 1)}`;
  yield* list("accounts", accounts);
  yield* list("coverage", coverage);
  if (baseline !== undefined) {
    const resolved = baseline.resolved.map(findingObject);
    yield `,\n  "baseline": ${prettyJson({ ...baseline, resolved }, 1)}`;
  }
  yield "\n}\n";
};

/** A field that holds a list, an element at a time. */
function* list(name: string, elements: Iterable<object>): Iterable<string> {
  let before = "\n    ";
  yield `,\n  "${name}": [`;
  for (const element of elements) {
    yield before + prettyJson(element, 2);
    before = ",\n    ";
  }
  yield before.startsWith(",") ? "\n  ]" : "]";
}
