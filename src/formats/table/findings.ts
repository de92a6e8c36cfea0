import { visibleText } from "../../api/visible-text.ts";
import type { ReportedFinding } from "../../report/result.ts";
import { DOMAIN } from "../../rules/resource.ts";
import { type Column, grid, naturalWidth } from "./grid.ts";
import { type Paint, VERDICT_TONES } from "./paint.ts";

const INDENT = " ".repeat(11);

/**
 * Findings a line each. ARNs are what one copies, so none is cut: where they do not fit beside the rest, a violation's
 * stands below its line, with what a cut could take away of how fresh it is.
 */
export function* findingLines(
  findings: readonly ReportedFinding[],
  paint: Paint,
  width: number | undefined,
): Iterable<string> {
  const whole = [...columnsOf(paint, freshness), ARN];
  const beside = width === undefined || naturalWidth(findings, whole) <= width;
  const [header, ...lines] = grid(findings, beside ? whole : columnsOf(paint, () => ""), width);
  yield paint("heading", header ?? "");
  for (const [index, line] of lines.entries()) {
    yield line;
    const finding = findings[index];
    if (beside || finding?.verdict !== "violation") continue;
    yield paint("muted", INDENT + visibleText(finding.arn));
    if (finding.lastVerified !== undefined) yield INDENT + paint("doubtful", freshness(finding));
  }
}

const ARN: Column<ReportedFinding> = { header: "ARN", text: ({ arn }) => visibleText(arn) };

/** Names are cut first, as they stand in the ARN too. */
function columnsOf(paint: Paint, note: (finding: ReportedFinding) => string): Column<ReportedFinding>[] {
  return [
    {
      header: "VERDICT",
      text: ({ verdict }) => verdict.toUpperCase(),
      paint: (cell, { verdict }) => paint(VERDICT_TONES[verdict], cell),
    },
    { header: "ACCOUNT", text: ({ account }) => visibleText(account) },
    { header: "REGION", text: ({ region }) => visibleText(region) },
    { header: "TYPE", text: ({ type }) => (type === DOMAIN ? "domain" : "notebook") },
    { header: "NAME", text: ({ name }) => visibleText(name), least: 12 },
    { header: "SINCE", text: since, dispensable: true },
    {
      header: "REASON",
      text: (finding) => [note(finding), reason(finding)].filter(Boolean).join(", "),
      least: 14,
    },
  ];
}

function since({ firstSeen, change }: ReportedFinding): string {
  const day = firstSeen?.slice(0, 10) ?? "";
  return change === "new" ? `${day} new`.trim() : visibleText(day);
}

function reason({ reason: why, exemption }: ReportedFinding): string {
  return visibleText(exemption === undefined ? why : `${why} (${exemption})`);
}

function freshness({ lastVerified }: ReportedFinding): string {
  return lastVerified === undefined ? "" : visibleText(`not read since ${lastVerified}`);
}
