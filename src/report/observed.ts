import type { RecordedFinding, ScanRecord } from "./record.ts";

/**
 * Findings as a record stores them. A time that lies within the scan itself is left out: it would differ in every scan,
 * and rewrite shards of which nothing else has changed. What an earlier scan read keeps its time.
 */
export function withoutOwnTimes({
  scan,
  findings,
}: Pick<ScanRecord, "scan" | "findings">): RecordedFinding[] {
  return findings.map((finding) => {
    const { observedTime, ...rest } = finding;
    return observedTime !== undefined && observedTime >= scan.startTime ? rest : finding;
  });
}

/**
 * The reverse. Where something was read and no time is stored, it was no earlier than the scan's beginning, and that is
 * what is said: nothing is shown as fresher than it is.
 */
export function withOwnTimes({ scan, findings }: Pick<ScanRecord, "scan" | "findings">): RecordedFinding[] {
  return findings.map((finding) =>
    finding.observedTime === undefined && Object.keys(finding.evidence).length > 0
      ? { ...finding, observedTime: scan.startTime }
      : finding,
  );
}
