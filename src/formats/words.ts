import type { ReportedFinding } from "../report/result.ts";
import { DOMAIN, type ResourceType } from "../rules/resource.ts";

/** The words that formats for people share. */

/** `1 violation`, `12,345 violations`: English, whatever the reader's locale, since formats are pure. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

export function typeNoun(type: ResourceType): string {
  return type === DOMAIN ? "domain" : "notebook instance";
}

/** `DirectInternetAccess=Enabled`; `absent` for a field that AWS left out. */
export function evidenceText(evidence: ReportedFinding["evidence"]): string {
  return Object.entries(evidence)
    .map(([field, value]) => `${field}=${value ?? "(absent)"}`)
    .join(", ");
}

const URGENCY: readonly ReportedFinding["verdict"][] = ["violation", "unknown", "exempt", "compliant"];

/** What needs somebody first; otherwise in the result's own order. */
export function byUrgency(findings: readonly ReportedFinding[]): ReportedFinding[] {
  return findings.toSorted((a, b) => URGENCY.indexOf(a.verdict) - URGENCY.indexOf(b.verdict));
}
