import { visibleText } from "../api/visible-text.ts";
import type { AccountSummary } from "../report/summary.ts";
import { conclude } from "./conclusion.ts";
import type { Format } from "./format.ts";
import { groupHoles, type Hole, unreadPlacesOf } from "./holes.ts";
import { findingLines } from "./table/findings.ts";
import { type Column, grid } from "./table/grid.ts";
import { CONCLUSION_TONES, type Paint, painter } from "./table/paint.ts";
import { wrapped } from "./table/wrap.ts";
import { byUrgency, counted } from "./words.ts";

/**
 * For people at a terminal. What they came for stands last, where the prompt comes back: the findings, then what was not
 * read, then the counts, then what it all comes to.
 */
export const table: Format = function* (result, { color, columns }) {
  const paint = painter(color);
  const { findings, accounts, baseline } = result;
  const section = function* (lines: Iterable<string>): Iterable<string> {
    for (const line of lines) yield `${line}\n`;
    yield "\n";
  };
  if (findings.length > 0) yield* section(findingLines(byUrgency(findings), paint, columns));
  if (baseline !== undefined && baseline.resolved.length > 0) {
    yield* section([
      paint("good", `${counted(baseline.resolved.length, "violation")} of the baseline resolved:`),
      ...baseline.resolved.map(({ arn }) => `  ${visibleText(arn)}`),
    ]);
  }
  const holes = groupHoles(unreadPlacesOf(result));
  if (holes.length > 0) yield* section(holeLines(holes, paint, columns));
  if (accounts.length > 1) yield* section(accountLines(accounts, paint, columns));
  yield* section(countLines(result, columns));
  const { verdict, headline, reservations } = conclude(result);
  for (const sentence of reservations) {
    for (const line of wrapped(sentence, columns, "")) yield `${paint("doubtful", line)}\n`;
  }
  for (const line of wrapped(headline, columns, "")) yield `${paint(CONCLUSION_TONES[verdict], line)}\n`;
};

function* holeLines(holes: readonly Hole[], paint: Paint, columns: number | undefined): Iterable<string> {
  yield paint("doubtful", "NOT READ");
  for (const hole of holes) {
    yield* wrapped(visibleText(describeHole(hole)), columns, "  ");
    yield* wrapped(hole.advice, columns, "    ").map((line) => paint("muted", line));
  }
}

function describeHole({ account, accountName, regions, state, operation, code, message }: Hole): string {
  const who =
    [account, accountName && `(${accountName})`].filter(Boolean).join(" ") || "the scan's own credentials";
  const where = regions.length === 0 ? "as a whole" : regions.join(", ");
  const call = [operation, code].filter(Boolean).join(" ");
  const said = [call, message].filter(Boolean).join(": ");
  return `${who} ${where}: ${state}${said === "" ? "" : `. ${said}`}`;
}

/** Accounts that are as they should be are counted, not listed: the others would drown in them. */
function* accountLines(
  accounts: readonly AccountSummary[],
  paint: Paint,
  columns: number | undefined,
): Iterable<string> {
  const count = (header: string, key: "resources" | "violations" | "unknown" | "exempt" | "compliant") => ({
    header,
    text: (row: AccountSummary) => row[key].toLocaleString("en-US").padStart(header.length),
  });
  const rows: Column<AccountSummary>[] = [
    { header: "ACCOUNT", text: ({ id }) => visibleText(id) },
    { header: "NAME", text: ({ name = "" }) => visibleText(name), least: 8 },
    count("RESOURCES", "resources"),
    count("VIOLATIONS", "violations"),
    count("UNKNOWN", "unknown"),
    count("EXEMPT", "exempt"),
    count("COMPLIANT", "compliant"),
  ];
  const noteworthy = accounts.filter(({ violations, unknown, exempt }) => violations + unknown + exempt > 0);
  if (noteworthy.length > 0) {
    const [header, ...lines] = grid(noteworthy, rows, columns);
    yield paint("heading", header ?? "");
    yield* lines;
  }
  const others = accounts.length - noteworthy.length;
  if (others > 0) yield `${counted(others, "further account")}: nothing to tell of what could be read.`;
}

function countLines(
  { summary, scan, baseline }: Parameters<Format>[0],
  columns: number | undefined,
): string[] {
  const { accounts, regions, resources, violations, unknown, exempt, compliant } = summary;
  const seconds = Math.round((Date.parse(scan.completionTime) - Date.parse(scan.startTime)) / 1000);
  const counts = [
    counted(violations, "violation"),
    `${unknown.toLocaleString("en-US")} unknown`,
    `${exempt.toLocaleString("en-US")} exempt`,
    `${compliant.toLocaleString("en-US")} compliant`,
  ].join(", ");
  const scope = `${counted(resources, "resource")} in ${counted(accounts, "account")} and ${counted(regions, "region")}`;
  const compared =
    baseline === undefined
      ? []
      : [
          `Against the baseline: ${baseline.new} new, ${baseline.unchanged} unchanged, ${baseline.resolved.length} resolved.`,
        ];
  return [`${scope}: ${counts}. Scanned at ${scan.completionTime} in ${seconds} s.`, ...compared].flatMap(
    (line) => wrapped(visibleText(line), columns, ""),
  );
}
