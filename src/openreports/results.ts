import { MANAGER } from "../api/names.ts";
import { safeText } from "../api/safe-text.ts";
import { findingText } from "../report/finding-text.ts";
import { planCommand } from "../report/plan-command.ts";
import type { RecordedFinding, ScanRecord } from "../report/record.ts";
import { type UnreadPlace, unreadPlaces } from "../report/unread.ts";
import { describeFramework, frameworksOf } from "../rules/framework.ts";
import { ruleOf } from "../rules/registry.ts";
import { DOMAIN } from "../rules/resource.ts";
import { placeSubject, resourceSubject, uidOf } from "./subject.ts";
import type { ObjectReference, ReportResult, ResultStatus } from "./types.ts";

/** The AwsAccountScan that a record is of, and the rules that it asked for. */
export interface ReportedScan {
  readonly scope: ObjectReference;
  /** Ids. */
  readonly rules: readonly string[];
  /** As `spec.reports.include`: without passes, the reports say that they leave them out. */
  readonly includesPasses: boolean;
  /** Why what the record says is not to be believed today; undefined where it is. */
  readonly doubt?: ScanDoubt | undefined;
}

/** As the reason and the message of the scan's conditions have it. */
export interface ScanDoubt {
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. */
  readonly since: string;
}

/** A result that may have begun before this scan; see {@link ReportResult}. */
export interface DatedResult extends ReportResult {
  /** Whether `timestamp` is the record's own word, rather than the beginning of the last scan. */
  readonly dated: boolean;
}

const STATUS: Readonly<Record<RecordedFinding["verdict"], ResultStatus>> = {
  violation: "fail",
  unknown: "error",
  exempt: "skip",
  compliant: "pass",
};

const MAX_MESSAGE = 1_024;
const MAX_PROPERTY = 512;

/**
 * A record's findings, the places that it could not read and the doubt about it, as results. Nothing in them is of this
 * scan alone. Made one by one, as they are taken.
 */
export function* resultsOf(record: ScanRecord, scan: ReportedScan): Generator<DatedResult, void> {
  const names = new Map(
    [...record.cells, ...record.coverage].map(({ account, accountName }) => [account, accountName]),
  );
  for (const finding of record.findings) {
    if (finding.verdict !== "compliant" || scan.includesPasses)
      yield ofFinding(finding, names.get(finding.account), record, scan);
  }
  for (const place of unreadPlaces(record)) {
    for (const rule of scan.rules) yield ofPlace(place, rule, names.get(place.account), record, scan);
  }
  yield* doubtResults(scan);
}

function ofFinding(
  finding: RecordedFinding,
  accountName: string | undefined,
  { scan: { startTime } }: ScanRecord,
  scan: ReportedScan,
): DatedResult {
  const { rule, verdict, arn, type, account, region, name, reason, evidence, exemption, firstSeen } = finding;
  const mapping = ruleOf(rule)?.frameworks;
  const frameworks = mapping === undefined ? [] : frameworksOf(mapping, type).map(describeFramework);
  const status = STATUS[verdict];
  return {
    ...ruleFields(rule),
    result: status,
    ...(status === "fail" && firstSeen !== undefined
      ? { timestamp: toTimestamp(firstSeen), dated: true }
      : { timestamp: toTimestamp(startTime), dated: false }),
    resources: [resourceSubject(finding)],
    message: messageOf(finding),
    properties: properties({
      // Evidence first: what AWS calls a field must not take the place of what we say.
      ...Object.fromEntries(Object.entries(evidence).map(([field, value]) => [field, value ?? "(absent)"])),
      arn,
      account,
      accountName,
      region,
      name,
      reason,
      firstSeen,
      lastVerified: finding.lastVerified,
      exemption,
      frameworks: frameworks.join("; "),
      remediation: planCommand(finding),
      resultID: resultId(scan, rule, arn, status),
    }),
  };
}

/** Readers that do not know `resultID` tell results of one scan apart by the message alone: it names the resource. */
function messageOf(finding: RecordedFinding): string {
  const { arn, type, name } = finding;
  const resource = type === DOMAIN ? `${arn} (${safeText(name, 128)})` : arn;
  return `${safeText(findingText(finding), MAX_MESSAGE / 2)} ${safeText(resource, MAX_MESSAGE / 2 - 1)}`;
}

function ofPlace(
  place: UnreadPlace,
  rule: string,
  accountName: string | undefined,
  record: ScanRecord,
  scan: ReportedScan,
): DatedResult {
  const { account, region, state, notListed } = place;
  const { operation, code, message } = place.cause ?? {};
  const subject = account === "" ? scan.scope : placeSubject(account, region);
  const where =
    [region, account && `account ${account}`].filter(Boolean).join(" of ") || "The scan's accounts";
  const what =
    state === "not-listed"
      ? "has more that could not be judged than is listed"
      : `could not be read: ${state}`;
  const why = [code, operation && `(${operation})`, message].filter(Boolean).join(" ");
  return {
    ...ruleFields(rule),
    result: "error",
    timestamp: toTimestamp(record.scan.startTime),
    dated: false,
    resources: [subject],
    message: safeText(`${where} ${what}${why === "" ? "" : `: ${why}`}`, MAX_MESSAGE),
    properties: properties({
      account,
      accountName,
      region,
      coverage: state,
      operation,
      code,
      resourcesNotListed: notListed > 0 ? String(notListed) : undefined,
      resultID: resultId(scan, rule, subject.uid, "error"),
    }),
  };
}

/** The doubt about a scan as an error of its own, one for each rule; none where there is no doubt. */
export function doubtResults(scan: ReportedScan): DatedResult[] {
  const { doubt, rules, scope } = scan;
  if (doubt === undefined) return [];
  const { reason, message, since } = doubt;
  return rules.map((rule) => ({
    ...ruleFields(rule),
    result: "error",
    timestamp: toTimestamp(since),
    dated: false,
    resources: [scope],
    message: safeText(`The results of ${scope.name} may not be of today: ${reason}: ${message}`, MAX_MESSAGE),
    properties: properties({
      reason,
      // Not that of accounts that could not be read, which are told of the scan itself as well.
      resultID: resultId(scan, rule, `doubt ${scope.uid}`, "error"),
    }),
  }));
}

function ruleFields(id: string): Pick<ReportResult, "policy" | "rule" | "category" | "severity"> {
  const rule = ruleOf(id);
  // SageMaker-004 is of the category SageMaker: the catalogue's own.
  return {
    policy: id,
    rule: rule?.title ?? id,
    category: id.split("-")[0] ?? id,
    severity: rule?.severity ?? "medium",
  };
}

/**
 * Policy Reporter takes this property for a result's identity. The status is part of it, since it tells people of new
 * identities; the scan is, since two scans may look at one account.
 */
function resultId({ scope }: ReportedScan, rule: string, subject: string, status: ResultStatus): string {
  return uidOf([MANAGER, scope.uid, rule, subject, status].join(" "));
}

function properties(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.entries(texts).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return Object.fromEntries(given.map(([key, text]) => [safeText(key, 64), safeText(text, MAX_PROPERTY)]));
}

function toTimestamp(time: string): ReportResult["timestamp"] {
  return { seconds: Math.floor(Date.parse(time) / 1_000), nanos: 0 };
}
