import type { CarriedResults } from "./carried.ts";
import { bitsOf, bodyOf, type DesiredReport } from "./report.ts";
import { doubtResults, type ReportedScan } from "./results.ts";
import type { ReportResult } from "./types.ts";

/** Whether a report of this part is where the doubt about the scan has its place. */
export function isDoubtAt(part: string, scan: ReportedScan): boolean {
  return doubtResults(scan).some((result) => bitsOf(result).startsWith(part));
}

/**
 * The reports that change where the record of a scan is lost. Nothing says that what the cluster knows has ended: it
 * stays, and the doubt is put beside it. `kept`: results by part, of the parts where the doubt has its place.
 */
export function keptReports(
  kept: ReadonlyMap<string, readonly ReportResult[]>,
  scan: ReportedScan,
  carried: CarriedResults,
): DesiredReport[] {
  const doubts = doubtResults(scan).map((result) => ({
    part: [...kept.keys()].find((part) => bitsOf(result).startsWith(part)) ?? "",
    result: carried.apply(result),
  }));
  const ids = new Set(doubts.map(({ result }) => result.properties["resultID"]));
  return [...Map.groupBy(doubts, ({ part }) => part)].map(([part, added]) => {
    const before = (kept.get(part) ?? []).filter(({ properties }) => !ids.has(properties?.["resultID"]));
    return { part, body: bodyOf([...before, ...added.map(({ result }) => result)], scan) };
  });
}
