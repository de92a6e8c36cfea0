/** What `npm audit` said. */
import { failed, notAsked, type Outcome, passed } from "./outcome.ts";

interface AuditReport {
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
  readonly metadata?: { readonly dependencies?: { readonly total?: number } };
  readonly message?: string;
}

/**
 * Judges the JSON of `npm audit --json`. Only a report about a number of packages is an answer: a registry that refuses,
 * a proxy that answers in its stead or no network at all have not said that nothing is known.
 */
export function auditOutcome(stdout: string): Outcome {
  const report = parsed(stdout);
  const total = report?.metadata?.dependencies?.total;
  if (report?.vulnerabilities === undefined || total === undefined || total === 0)
    return notAsked(`the registry could not be asked (${report?.message ?? "it gave no report"})`);
  const found = Object.entries(report.vulnerabilities).map(([name, { severity }]) => `${name} (${severity})`);
  return found.length === 0 ? passed(`nothing known of ${total} packages`) : failed(found.join(", "));
}

function parsed(text: string): AuditReport | undefined {
  try {
    return JSON.parse(text) as AuditReport;
  } catch {
    return undefined;
  }
}
