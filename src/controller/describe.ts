import { safeText } from "../api/safe-text.ts";
import { isCovered } from "../report/assemble.ts";
import type { FailureCount, ScanRecord } from "../report/record.ts";
import type { Summary } from "../report/summary.ts";

/** What a scan that could read something came to, in a sentence. */
export function describeSummary({ accounts, regions, resources, violations, unknown }: Summary): string {
  const unread = unknown > 0 ? `, ${unknown} not judged` : "";
  return `Scanned ${accounts} account(s) in ${regions} region(s): ${resources} resource(s), ${violations} violation(s)${unread}.`;
}

/** The failures in a sentence each, those of whole accounts first, and as many as fit. */
export function describeFailures({ failures, coverage, cells }: ScanRecord): string {
  const unknown = cells.reduce((sum, cell) => sum + cell.unknown, 0);
  const holes = coverage.filter((row) => !isCovered(row)).length;
  const counts = `${holes} of ${coverage.length} account-regions not read, ${unknown} resource(s) not judged.`;
  const told = [...failures].sort((a, b) => Number(a.region !== "") - Number(b.region !== "")).slice(0, 5);
  const more =
    failures.length > told.length ? `; and ${failures.length - told.length} more in status.failures` : "";
  return `${counts} ${told.map(describeFailure).join("; ")}${more}`;
}

function describeFailure({ account, region, operation, reason, message }: FailureCount): string {
  const place = [account, region].filter(Boolean).join(" ");
  return `${place === "" ? "" : `${place}: `}${reason} (${operation}): ${safeText(message, 200)}`;
}
