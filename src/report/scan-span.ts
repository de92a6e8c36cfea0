import type { Span } from "../tracing/span.ts";
import type { ScanRecord } from "./record.ts";
import { summarize } from "./summary.ts";

/** Ends the span of a scan with what it came to: an error where nothing could be read, or not all. */
export function endScanSpan(span: Span, record: ScanRecord): void {
  const { compliant, violations, exempt, unknown } = summarize(record);
  span.set({
    "awsscan.scan.id": record.scan.id,
    "awsscan.scan.trigger": record.scan.trigger,
    "awsscan.scan.outcome": record.scan.outcome,
    "awsscan.findings.compliant": compliant,
    "awsscan.findings.violation": violations,
    "awsscan.findings.exempt": exempt,
    "awsscan.findings.unknown": unknown,
    "awsscan.failures": record.failures.reduce((sum, { count }) => sum + count, 0),
  });
  if (record.scan.outcome !== "Complete") {
    const hole = record.coverage.find(({ state }) => state !== "covered" && state !== "unsupported");
    span.fail(hole?.state ?? "failed", hole?.code ?? record.failures[0]?.code);
  }
  span.end();
}
