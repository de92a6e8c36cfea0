import { uncovered } from "./conclusion.ts";
import { findingObject } from "./finding-object.ts";
import type { Format } from "./format.ts";
import { jsonLine } from "./json-text.ts";

/**
 * An object a line, for pipes and log collectors. `kind` tells which: `finding`, `resolved` (by a baseline), `failure`,
 * `uncovered` (a place that was not read), and in the last line `summary`: a text without it was cut off.
 */
export const ndjson: Format = function* (result) {
  const { scan, summary, findings, failures, baseline } = result;
  for (const finding of findings) yield line("finding", findingObject(finding));
  for (const finding of baseline?.resolved ?? []) yield line("resolved", findingObject(finding));
  for (const failure of failures) yield line("failure", failure);
  for (const hole of uncovered(result)) yield line("uncovered", hole);
  const compared = baseline && { ...baseline, resolved: baseline.resolved.length };
  yield line("summary", { ...summary, scan, baseline: compared });
};

function line(kind: string, value: object): string {
  return `${jsonLine({ kind, ...value })}\n`;
}
