import { findingObject } from "./finding-object.ts";
import type { Format } from "./format.ts";
import { unreadPlacesOf } from "./holes.ts";
import { jsonLine } from "./json-text.ts";

/**
 * An object a line, for pipes and log collectors. `kind` tells which: `finding`, `resolved` (by a baseline), `failure`,
 * `uncovered` (a place that was not read, or has more unknowns than are listed: `notListed`), and in the last line `summary`: a text without it was cut off.
 */
export const ndjson: Format = function* (result) {
  const { scan, summary, findings, failures, baseline } = result;
  for (const finding of findings) yield line("finding", findingObject(finding));
  for (const finding of baseline?.resolved ?? []) yield line("resolved", findingObject(finding));
  for (const failure of failures) yield line("failure", failure);
  for (const { cause, failures: _, notListed, ...place } of unreadPlacesOf(result)) {
    const { operation, code, message, requestId } = cause ?? {};
    const counted = notListed > 0 ? { notListed } : {};
    yield line("uncovered", { ...place, operation, code, message, requestId, ...counted });
  }
  const compared = baseline && { ...baseline, resolved: baseline.resolved.length };
  yield line("summary", { ...summary, scan, baseline: compared });
};

function line(kind: string, value: object): string {
  return `${jsonLine({ kind, ...value })}\n`;
}
