import { type Condition, toTime, withTransitionTimes } from "../api/conditions.ts";
import type { AwsAccountScanStatus } from "../api/generated/awsaccountscan.ts";
import { safeText } from "../api/safe-text.ts";
import type { FailureCount, RecordedFinding, ScanRecord } from "../report/record.ts";
import { type AccountSummary, summarize, summarizeAccounts } from "../report/summary.ts";
import { bounded } from "./bounds.ts";
import { type ClaimInput, claimsOf } from "./claims.ts";
import type { Job } from "./job.ts";

/** What a status is made from. */
export interface StatusInput extends ClaimInput {
  readonly before: AwsAccountScanStatus | undefined;
  /** Of which it is to be said that it runs. */
  readonly job: Job | undefined;
  /** When the next scan is due (ms); undefined where none is. */
  readonly nextScanAt: number | undefined;
  readonly now: Date;
}

// Together under 64 KiB with the rest, however large the fleet: a status is read by every `kubectl get -o yaml`.
const MAX_ACCOUNTS = { items: 200, bytes: 20 * 1024 };
const MAX_VIOLATIONS = { items: 100, bytes: 24 * 1024 };
const MAX_FAILURES = { items: 50, bytes: 10 * 1024 };

/** The whole status of a scan. Equal inputs but `now` give equal statuses, so that nothing is written in vain. */
export function projectStatus(input: StatusInput): AwsAccountScanStatus {
  const { record, before, job, now, generation } = input;
  const settled = input.stalled !== undefined || input.suspended || isOf(record, generation);
  const observedGeneration = settled ? generation : (before?.observedGeneration ?? 0);
  return {
    observedGeneration,
    conditions: conditions(input),
    ...(job?.startTime !== undefined && {
      currentScan: { id: job.id, trigger: job.trigger, startTime: job.startTime },
    }),
    ...(input.nextScanAt !== undefined && { nextScanTime: toTime(new Date(input.nextScanAt)) }),
    ...results(record, before),
  };

  function conditions({ record: known }: StatusInput): Condition[] {
    const claims = claimsOf(input);
    const scanned = known === "none" || known === "missing" ? generation : known.scan.generation;
    // What a scan found is said of the generation that it scanned, everything else of the one at hand.
    const [found, ready] = [claims.filter(isFound), claims.filter((claim) => !isFound(claim))];
    const earlier = before?.conditions ?? [];
    return [
      ...withTransitionTimes(ready, earlier, generation, now),
      ...withTransitionTimes(found, earlier, scanned, now),
    ];
  }
}

function isFound({ type }: { readonly type: string }): boolean {
  return type === "Compliant" || type === "Complete";
}

function isOf(record: ScanRecord | "none" | "missing", generation: number): boolean {
  return typeof record === "object" && record.scan.generation === generation;
}

/** The last result; where its record is missing, what the last status said of it stays until the next scan ends. */
function results(
  record: ScanRecord | "none" | "missing",
  before: AwsAccountScanStatus | undefined,
): AwsAccountScanStatus {
  if (record === "none") return {};
  if (record === "missing") {
    const {
      observedGeneration: _,
      conditions: __,
      currentScan: ___,
      nextScanTime: ____,
      ...kept
    } = before ?? {};
    return kept;
  }
  const { id, trigger, startTime, completionTime, outcome, lastSuccessTime, requestedAt } = record.scan;
  const accounts = bounded(summarizeAccounts(record).map(toAccount), MAX_ACCOUNTS.items, MAX_ACCOUNTS.bytes);
  const violations = bounded(
    oldestFirst(record.findings).map(toViolation),
    MAX_VIOLATIONS.items,
    MAX_VIOLATIONS.bytes,
  );
  const failures = bounded(record.failures.map(toFailure), MAX_FAILURES.items, MAX_FAILURES.bytes);
  const lastHandled = requestedAt ?? before?.lastHandledReconcileAt;
  return {
    ...(lastHandled !== undefined && { lastHandledReconcileAt: lastHandled }),
    lastScan: { id, trigger, startTime, completionTime, outcome },
    ...(lastSuccessTime !== undefined && { lastSuccessTime }),
    summary: summarize(record),
    accounts: [...accounts.items],
    violations: [...violations.items],
    failures: [...failures.items],
    truncated: {
      accounts: accounts.truncated,
      violations: violations.truncated,
      failures: failures.truncated,
    },
  };
}

function oldestFirst(findings: readonly RecordedFinding[]): RecordedFinding[] {
  const seen = (finding: RecordedFinding) => finding.firstSeen ?? "";
  return findings
    .filter(({ verdict }) => verdict === "violation")
    .sort((a, b) => (seen(a) < seen(b) ? -1 : seen(a) > seen(b) ? 1 : 0));
}

function toAccount({
  name,
  ...counts
}: AccountSummary): NonNullable<AwsAccountScanStatus["accounts"]>[number] {
  return { ...counts, ...(name !== undefined && { name }) };
}

function toViolation(finding: RecordedFinding): NonNullable<AwsAccountScanStatus["violations"]>[number] {
  const { rule, arn, type, account, region, name, reason, firstSeen, lastVerified } = finding;
  return {
    rule,
    arn,
    type,
    account,
    region,
    name: safeText(name, 256),
    reason,
    ...(firstSeen !== undefined && { firstSeen }),
    ...(lastVerified !== undefined && { lastVerified }),
  };
}

function toFailure(failure: FailureCount): NonNullable<AwsAccountScanStatus["failures"]>[number] {
  const { account, region, operation, reason, message, count } = failure;
  return { account, ...(region !== "" && { region }), operation, reason, message, count };
}
