import { isCovered, isWhole } from "./assemble.ts";
import { byPlace } from "./order.ts";
import {
  type Cell,
  type Coverage,
  findingKey,
  type Outcome,
  placeKey,
  type RecordedFinding,
  type ScanRecord,
} from "./record.ts";

/** Records of several scans as one. */
export type MergedRecord = Omit<ScanRecord, "scan"> & {
  readonly scan: Pick<ScanRecord["scan"], "startTime" | "completionTime" | "outcome">;
};

/** Where scans disagree on a resource, the verdict that somebody must look at counts. */
const GRAVITY: Readonly<Record<RecordedFinding["verdict"], number>> = {
  violation: 3,
  unknown: 2,
  exempt: 1,
  compliant: 0,
};

/**
 * One record of what several scans found, for a reader who ran them together. Scans may overlap: a resource counts
 * once, by its gravest verdict, and a place is covered only where every scan could read it.
 */
export function mergeRecords(records: readonly ScanRecord[]): MergedRecord {
  const [only] = records;
  if (only !== undefined && records.length === 1) return only;
  const findings = new Map<string, RecordedFinding>();
  for (const finding of records.flatMap((record) => record.findings)) {
    const known = findings.get(findingKey(finding));
    findings.set(findingKey(finding), known === undefined ? finding : graver(known, finding));
  }
  const contents = {
    findings: [...findings.values()].sort(byPlace),
    coverage: mergeCoverage(records).sort(byPlace),
    cells: mergeCells(records, [...findings.values()]).sort(byPlace),
  };
  return {
    scan: {
      startTime: earliest(records.map(({ scan }) => scan.startTime)),
      // All of it is at least as fresh as the oldest part.
      completionTime: earliest(records.map(({ scan }) => scan.completionTime)),
      outcome: outcomeOf(records, isWhole(contents)),
    },
    failures: records.flatMap(({ failures }) => failures).sort(byPlace),
    ...contents,
  };
}

function earliest(times: readonly string[]): string {
  return times.toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? "";
}

/** The verdict that somebody must look at, since the first of both has seen it. */
function graver(a: RecordedFinding, b: RecordedFinding): RecordedFinding {
  const finding = GRAVITY[b.verdict] > GRAVITY[a.verdict] ? b : a;
  const firstSeen = [a.firstSeen, b.firstSeen].filter((time) => time !== undefined).sort()[0];
  return firstSeen === undefined || finding.firstSeen === undefined ? finding : { ...finding, firstSeen };
}

function outcomeOf(records: readonly ScanRecord[], whole: boolean): Outcome {
  if (records.length > 0 && records.every(({ scan }) => scan.outcome === "Failed")) return "Failed";
  return whole && records.every(({ scan }) => scan.outcome === "Complete") ? "Complete" : "Incomplete";
}

function mergeCoverage(records: readonly ScanRecord[]): Coverage[] {
  const rows = new Map<string, Coverage>();
  for (const row of records.flatMap(({ coverage }) => coverage)) {
    const key = placeKey(row);
    const known = rows.get(key);
    if (known === undefined || isCovered(known)) rows.set(key, row);
  }
  return [...rows.values()];
}

/** Where scans overlap, each counted every resource: then the merged findings say how the counts divide. */
function mergeCells(records: readonly ScanRecord[], findings: readonly RecordedFinding[]): Cell[] {
  const groups = Map.groupBy(
    records.flatMap(({ cells }) => cells),
    cellKey,
  );
  const found = Map.groupBy(findings, cellKey);
  return [...groups].flatMap(([key, cells]) => {
    const [first] = cells;
    if (first === undefined) return [];
    return [cells.length === 1 ? first : overlap(first, cells, found.get(key) ?? [])];
  });
}

function overlap(first: Cell, cells: readonly Cell[], findings: readonly RecordedFinding[]): Cell {
  const count = (verdict: RecordedFinding["verdict"]) =>
    findings.filter((finding) => finding.verdict === verdict).length;
  const [violations, exempt] = [count("violation"), count("exempt")];
  // Of many unknowns only the number is kept: what one scan counted among them, another may have judged, but only as
  // what it adds to that scan's own violations.
  const unknown = Math.max(
    count("unknown"),
    ...cells.map((cell) => {
      const judgedElsewhere = Math.max(0, violations + exempt - cell.violations - cell.exempt);
      return Math.max(0, cell.unknown - judgedElsewhere);
    }),
  );
  const total = Math.max(...cells.map(totalOf));
  // No scan's passes are more than it counted itself.
  const compliant = Math.max(
    0,
    Math.min(total - violations - exempt - unknown, ...cells.map((cell) => cell.compliant)),
  );
  return {
    ...first,
    compliant,
    violations,
    exempt,
    unknown: Math.max(unknown, total - violations - exempt - compliant),
  };
}

function totalOf(cell: Cell): number {
  return cell.compliant + cell.violations + cell.exempt + cell.unknown;
}

function cellKey({
  account,
  region,
  type,
  rule,
}: Pick<Cell, "account" | "region" | "type" | "rule">): string {
  return `${account} ${region} ${type} ${rule}`;
}
