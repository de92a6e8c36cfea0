import { visibleText } from "../api/visible-text.ts";
import type { FailureCount } from "../report/record.ts";
import type { ReportedFinding, ScanResult } from "../report/result.ts";
import type { UnreadPlace } from "../report/unread.ts";
import { describeFramework } from "../rules/framework.ts";
import { conclude } from "./conclusion.ts";
import type { Format } from "./format.ts";
import { unreadPlacesOf } from "./holes.ts";
import { unreadSentence } from "./unread-text.ts";
import { evidenceText } from "./words.ts";

/** New columns are appended, so that readers by position go on. */
const COLUMNS = [
  "kind",
  "verdict",
  "severity",
  "rule",
  "account",
  "account_name",
  "region",
  "type",
  "name",
  "arn",
  "reason",
  "message",
  "evidence",
  "frameworks",
  "first_seen",
  "last_verified",
  "observed_time",
  "observed_by",
  "exemption",
  "change",
  "operation",
  "code",
  "request_id",
  "count",
] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], string | undefined>>;

/**
 * RFC 4180 for spreadsheets. `kind` tells what a row is: `finding`, `resolved`, `failure`, `uncovered` (a place that was
 * not read, or has more unknowns than are listed: `count` says how many), and in the last row `scan` with the outcome, so that no table without violations passes for a clean one.
 */
export const csv: Format = function* (result) {
  const names = new Map(result.accounts.map(({ id, name }) => [id, name]));
  yield line(COLUMNS);
  for (const row of rows(result)) {
    const named: Row = { account_name: names.get(row.account ?? ""), ...row };
    yield line(COLUMNS.map((column) => named[column] ?? ""));
  }
};

function* rows(result: ScanResult): Iterable<Row> {
  for (const finding of result.findings) yield findingRow("finding", finding);
  for (const finding of result.baseline?.resolved ?? []) yield findingRow("resolved", finding);
  for (const failure of result.failures) yield failureRow(failure);
  for (const hole of unreadPlacesOf(result)) yield uncoveredRow(hole);
  yield scanRow(result);
}

function findingRow(kind: "finding" | "resolved", finding: ReportedFinding): Row {
  const { verdict, severity, rule, account, region, type, name, arn, reason, message } = finding;
  const { evidence, frameworks, firstSeen, lastVerified, observedTime, observedBy, exemption, change } =
    finding;
  return {
    kind,
    // What is resolved violates no more: its row must not count where somebody counts violations.
    verdict: kind === "finding" ? verdict : "",
    ...{ severity, rule, account, region, type, name, arn, reason, message, exemption, change },
    evidence: evidenceText(evidence),
    frameworks: frameworks.map(describeFramework).join("; "),
    first_seen: firstSeen,
    last_verified: lastVerified,
    observed_time: observedTime,
    observed_by: observedBy,
  };
}

function failureRow({ requestId, count, ...failure }: FailureCount): Row {
  return { kind: "failure", ...failure, request_id: requestId, count: String(count) };
}

function uncoveredRow(place: UnreadPlace): Row {
  const { account, region, state, cause, notListed } = place;
  return {
    kind: "uncovered",
    account,
    region,
    reason: state,
    operation: cause?.operation,
    code: cause?.code,
    message: cause === undefined ? unreadSentence(place) : cause.message,
    request_id: cause?.requestId,
    count: notListed > 0 ? String(notListed) : undefined,
  };
}

function scanRow(result: ScanResult): Row {
  const { outcome, interrupted, completionTime } = result.scan;
  const { headline, reservations } = conclude(result);
  return {
    kind: "scan",
    reason: interrupted ? "Interrupted" : outcome,
    message: [headline, ...reservations].join(" "),
    observed_time: completionTime,
  };
}

function line(cells: readonly string[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

/**
 * What a spreadsheet takes for a formula, https://owasp.org/www-community/attacks/CSV_Injection, and its look-alikes of
 * full width; and the apostrophe itself, so that removing the first one gives every cell back.
 */
const FORMULA = /^\s*[=+\-@'\uff1d\uff0b\uff0d\uff20]/;

/** Always in quotes, since a spreadsheet may part cells at more than commas. */
function cell(text: string): string {
  const inert = FORMULA.test(text) ? `'${text}` : text;
  return `"${visibleText(inert).replaceAll('"', '""')}"`;
}
