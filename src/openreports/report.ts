import { createHash } from "node:crypto";
import { MANAGER } from "../api/names.ts";
import type { ScanRecord } from "../report/record.ts";
import type { CarriedResults } from "./carried.ts";
import { type ReportedScan, resultsOf } from "./results.ts";
import type { ReportBody, ReportResult, ResultStatus } from "./types.ts";

/** One of the reports that a record makes. */
export interface DesiredReport {
  /** Which part of the results it holds: the first bits of their identities' hash. Empty where it holds them all. */
  readonly part: string;
  readonly body: ReportBody;
}

/** As our own shards: half a mebibyte, less what metadata and managed fields take. */
const MAX_BYTES = 400 * 1024;
/** Parts of one report are at most 2^12; nobody has as many results. */
const MAX_BITS = 12;

const WITHOUT_PASSES: readonly ResultStatus[] = ["fail", "error", "skip", "warn"];

/** A result, and what decides in which report it is. */
export interface Row {
  readonly result: ReportResult;
  readonly bytes: number;
  readonly bits: string;
}

/** The results of a record, made one by one as they are taken: a hundred thousand of them take seconds. */
export function* rowsOf(
  record: ScanRecord,
  scan: ReportedScan,
  carried: CarriedResults,
): Generator<Row, void> {
  for (const dated of resultsOf(record, scan)) {
    const result = carried.apply(dated);
    yield { result, bytes: Buffer.byteLength(JSON.stringify(result)) + 1, bits: bitsOf(result) };
  }
}

/**
 * Results as the Reports that shall be in the cluster, in as few as their size allows and at least one: a scan without
 * results is told from one that was not exported. A result's part follows from what it is about, so that one change
 * rewrites one report, and a part that grows too large is cut in two without touching the others.
 */
export function reportsOf(rows: readonly Row[], scan: ReportedScan, maxBytes = MAX_BYTES): DesiredReport[] {
  return split(
    rows.toSorted((a, b) => (a.bits < b.bits ? -1 : a.bits > b.bits ? 1 : 0)),
    "",
  );

  function split(part: readonly Row[], prefix: string): DesiredReport[] {
    const bytes = part.reduce((sum, row) => sum + row.bytes, 0);
    if (bytes <= maxBytes || prefix.length === MAX_BITS) {
      return [
        {
          part: prefix,
          body: bodyOf(
            part.map(({ result }) => result),
            scan,
          ),
        },
      ];
    }
    const halves = Map.groupBy(part, ({ bits }) => bits.charAt(prefix.length));
    return ["0", "1"].flatMap((bit) => {
      const half = halves.get(bit);
      return half === undefined ? [] : split(half, prefix + bit);
    });
  }
}

/** Of the resource and the policy, not of the verdict: a violation that becomes exempt stays where it is. */
export function bitsOf({ policy, resources }: Pick<ReportResult, "policy" | "resources">): string {
  const hash = createHash("sha256").update(`${policy} ${resources[0].uid}`).digest();
  return [...hash.subarray(0, 8)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
}

/** `results` as a report; the summary counts them. */
export function bodyOf(
  results: readonly ReportResult[],
  { scope, includesPasses }: ReportedScan,
): ReportBody {
  const summary: Record<ResultStatus, number> = { pass: 0, fail: 0, warn: 0, error: 0, skip: 0 };
  for (const { result } of results) summary[result] += 1;
  return {
    source: MANAGER,
    scope,
    ...(!includesPasses && { configuration: { limits: { statusFilter: WITHOUT_PASSES } } }),
    summary,
    results,
  };
}
