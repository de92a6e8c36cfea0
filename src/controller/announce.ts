import { isDeepStrictEqual } from "node:util";
import type { AwsAccountScan } from "../api/generated/awsaccountscan.ts";
import type { Ending, RecordDiff } from "../report/diff.ts";
import { exemptionNotices } from "../report/exemption-notices.ts";
import type { RecordedFinding, ScanRecord } from "../report/record.ts";
import { summarize } from "../report/summary.ts";
import { describeSummary } from "./describe.ts";
import type { EventRecorder, Occurrence } from "./events.ts";

/** Events that name a resource or an exemption, of one kind and one scan; more are summed up in one. */
const MAX_NAMED = 10;

const ENDINGS: Readonly<Record<Ending, string>> = {
  Compliant: "it was read as compliant.",
  Gone: "the resource is gone.",
  Exempt: "an exemption covers it.",
  OutOfScope: "the scan does not look at it any more.",
};

/**
 * Tells people, as Kubernetes Events, what a scan changed: violations found and resolved, exemptions that end or
 * cover nothing, a failure, and a success that is the first or differs from the last.
 */
export function announce(
  events: EventRecorder,
  scan: AwsAccountScan,
  previous: ScanRecord | undefined,
  record: ScanRecord,
  diff: RecordDiff,
): void {
  const say = (type: Occurrence["type"], reason: string, note: string, sameAs = note) =>
    events.record(scan, { type, reason, note, sameAs });
  if (record.scan.outcome === "Failed") {
    const [failure] = record.failures;
    say(
      "Warning",
      "ScanFailed",
      `Nothing could be scanned: ${failure?.reason ?? "Unknown"}: ${failure?.message ?? ""}`,
      // AWS's words name the session, which is another one every time.
      `${failure?.operation} ${failure?.reason}`,
    );
  }
  named(diff.found, (finding) => say("Warning", "ViolationFound", `${place(finding)}: ${finding.message}`));
  if (diff.found.length > MAX_NAMED) {
    say("Warning", "ViolationFound", `And ${diff.found.length - MAX_NAMED} more violations were found.`);
  }
  named(diff.resolved, ({ finding, how }) =>
    say("Normal", "ViolationResolved", `${place(finding)} is no violation any more: ${ENDINGS[how]}`),
  );
  if (diff.resolved.length > MAX_NAMED) {
    say(
      "Normal",
      "ViolationResolved",
      `And ${diff.resolved.length - MAX_NAMED} more violations were resolved.`,
    );
  }
  const notices = exemptionNotices(scan.spec.exemptions ?? [], previous, record);
  for (const [reason, alike] of Map.groupBy(notices, (notice) => notice.reason)) {
    const type = reason === "ExemptionUnused" ? "Normal" : "Warning";
    for (const { note } of alike.slice(0, MAX_NAMED)) say(type, reason, note);
    const more = alike.length - MAX_NAMED;
    if (more > 0) say(type, reason, `And so it is with ${more} more exemptions.`);
  }
  if (record.scan.outcome !== "Failed" && changed(previous, record)) {
    say("Normal", "ScanSucceeded", describeSummary(summarize(record)));
  }
}

function changed(previous: ScanRecord | undefined, record: ScanRecord): boolean {
  if (previous === undefined || previous.scan.outcome !== record.scan.outcome) return true;
  return !isDeepStrictEqual(summarize(previous), summarize(record));
}

function named<T>(rows: readonly T[], tell: (row: T) => void): void {
  for (const row of rows.slice(0, MAX_NAMED)) tell(row);
}

function place({ rule, arn, account, region }: RecordedFinding): string {
  return `${rule} ${arn} (account ${account}, ${region})`;
}
