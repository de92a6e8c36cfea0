import { parseArn, partitionOfRegion } from "../../api/arn.ts";
import { findingText } from "../../report/finding-text.ts";
import type { ReportedFinding, ResultFacts } from "../../report/result.ts";
import { describeFramework } from "../../rules/framework.ts";
import { ruleOf } from "../../rules/registry.ts";
import type { Rule } from "../../rules/rule.ts";
import { adviceOf } from "../advice.ts";
import type { PlaceReport } from "../place-report.ts";
import { placeText } from "../unread-text.ts";

const CLASS_UID = 2003;
const ACTIVITY = { Create: 1, Update: 2, Close: 3 } as const;
const STATUS = { New: 1, Suppressed: 3, Resolved: 4 } as const;
/** Of the compliance check. `Warning` is «missing information» too, and reads as less than it is. */
const CHECK = { Unknown: 0, Pass: 1, Fail: 3, Other: 99 } as const;
const SEVERITY = { Informational: 1, Low: 2, Medium: 3, High: 4, Critical: 5 } as const;
/** `account.type_id` of an AWS account; `analytic.type_id` of a rule. */
const AWS_ACCOUNT = 10;
const ANALYTIC_RULE = 1;

/** What differs from verdict to verdict. */
interface Standing {
  readonly activity: keyof typeof ACTIVITY;
  readonly status: keyof typeof STATUS;
  readonly check: keyof typeof CHECK;
  /** In place of the caption of `check`, where that is `Other`. */
  readonly checkText?: string;
}

export function ocsfFinding(finding: ReportedFinding, scan: ResultFacts): object {
  return eventOf(finding, standingOf(finding, scan), findingText(finding), scan);
}

/** What the baseline had and is read as no violation now, or is gone: an importer closes what it has. */
export function ocsfResolved(finding: ReportedFinding, scan: ResultFacts): object {
  const standing = {
    activity: "Close",
    status: "Resolved",
    check: "Other",
    checkText: "No longer a violation",
  } as const;
  return eventOf(finding, standing, "It is read as no violation now, or is gone.", scan);
}

export function ocsfCoverage(report: PlaceReport, scan: ResultFacts): object {
  const { account, accountName, region, holes, message } = report;
  const check = holes.length > 0 ? "Unknown" : "Pass";
  const severity = holes.length > 0 ? "Medium" : "Informational";
  const text = `${placeText(report)}: ${message}`;
  return {
    ...base({ activity: "Create", status: "New", check }, severity, text, scan, {
      account,
      accountName,
      region,
    }),
    finding_info: {
      uid: `awsscan/coverage/${account}/${region}`,
      title: `${placeText(report)} ${holes.length > 0 ? "was not read" : "was read"}`,
      desc: message,
      created_time: millis(scan.completionTime),
      modified_time: millis(scan.completionTime),
      types: ["Coverage"],
    },
    compliance: {
      control: "awsscan coverage",
      desc: "Everything in scope must be read: what was not read is not known to comply.",
      status: check,
      status_id: CHECK[check],
      status_code: holes[0]?.state ?? "covered",
      status_details: [message],
    },
    // A region is no resource: its account stands for it.
    resources: [{ type: "AwsAccount", uid: account || "unknown", ...placeFields(region) }],
  };
}

function standingOf({ verdict, change, firstSeen }: ReportedFinding, { startTime }: ResultFacts): Standing {
  const isKnown = change === "unchanged" || (change === undefined && isBefore(firstSeen, startTime));
  const activity = isKnown ? "Update" : "Create";
  switch (verdict) {
    case "violation":
      return { activity, status: "New", check: "Fail" };
    case "exempt":
      return { activity, status: "Suppressed", check: "Fail" };
    case "unknown":
      return { activity: "Create", status: "New", check: "Unknown" };
    case "compliant":
      return { activity: "Create", status: "New", check: "Pass" };
  }
}

function isBefore(time: string | undefined, other: string): boolean {
  return time !== undefined && Date.parse(time) < Date.parse(other);
}

function eventOf(finding: ReportedFinding, standing: Standing, text: string, scan: ResultFacts): object {
  const { rule: id, arn, name, type, account, region, reason, evidence, frameworks } = finding;
  const { firstSeen, lastVerified, observedTime } = finding;
  const rule = ruleOf(id);
  const { steps, references, command } = adviceOf(finding);
  const severity = standing.check === "Pass" ? "Informational" : captionOf(finding.severity);
  const facts = Object.entries(evidence).map(([field, value]) => `${field}: ${value ?? "(absent)"}`);
  return {
    ...base(standing, severity, `${name}: ${text}`, scan, { account, region }),
    finding_info: {
      uid: `${id}/${arn}`,
      title: rule?.title ?? id,
      desc: text,
      analytic: { uid: id, name: rule?.title ?? id, type: "Rule", type_id: ANALYTIC_RULE },
      created_time: millis(firstSeen ?? observedTime ?? scan.completionTime),
      ...timeField("first_seen_time", firstSeen),
      ...timeField("last_seen_time", lastVerified ?? observedTime),
      modified_time: millis(scan.completionTime),
      types: [reason],
    },
    compliance: {
      control: id,
      ...(rule === undefined ? {} : { desc: rule.guidance.rationale }),
      requirements: frameworks.flatMap((framework) =>
        framework.controls.map((control) => describeFramework({ ...framework, controls: [control] })),
      ),
      standards: frameworks.map((framework) => describeFramework({ ...framework, controls: [] })),
      status: standing.checkText ?? standing.check,
      status_id: CHECK[standing.check],
      status_code: reason,
      status_details: [text, ...facts].filter(Boolean),
    },
    ...(steps.length === 0
      ? {}
      : {
          remediation: {
            desc: [...(command === undefined ? [] : [`${command} makes a plan. By hand:`]), ...steps].join(
              " ",
            ),
            references,
          },
        }),
    resources: [{ type, name, uid: arn, data: { evidence }, ...placeFields(region, arn) }],
    unmapped: { verdict: finding.verdict, ...extrasOf(finding) },
  };
}

function extrasOf({ exemption, observedBy, lastVerified, change }: ReportedFinding): object {
  return { exemption, observedBy, lastVerified, change };
}

function base(
  standing: Standing,
  severity: keyof typeof SEVERITY,
  message: string,
  scan: ResultFacts,
  place: { readonly account: string; readonly accountName?: string | undefined; readonly region: string },
): object {
  const activityId = ACTIVITY[standing.activity];
  return {
    activity_id: activityId,
    activity_name: standing.activity,
    category_uid: 2,
    category_name: "Findings",
    class_uid: CLASS_UID,
    class_name: "Compliance Finding",
    type_uid: CLASS_UID * 100 + activityId,
    type_name: `Compliance Finding: ${standing.activity}`,
    severity_id: SEVERITY[severity],
    severity,
    status_id: STATUS[standing.status],
    status: standing.status,
    message,
    time: millis(scan.completionTime),
    start_time: millis(scan.startTime),
    end_time: millis(scan.completionTime),
    metadata: {
      version: "1.8.0",
      profiles: ["cloud"],
      product: { name: "awsscan", vendor_name: "awsscan", version: scan.version },
    },
    cloud: {
      provider: "AWS",
      ...placeFields(place.region, undefined, true),
      ...(place.account === ""
        ? {}
        : {
            account: {
              uid: place.account,
              ...(place.accountName ? { name: place.accountName } : {}),
              type: "AWS Account",
              type_id: AWS_ACCOUNT,
            },
          }),
    },
  };
}

/** Region and partition, under the names that `cloud` and `resources` share. */
function placeFields(region: string, arn?: string, isCloud = false): object {
  if (region === "") return {};
  const partition = (arn === undefined ? undefined : parseArn(arn)?.partition) ?? partitionOfRegion(region);
  return { region, cloud_partition: partition, ...(isCloud ? {} : { provider: "AWS" }) };
}

function captionOf(severity: Rule["severity"]): keyof typeof SEVERITY {
  const captions = { low: "Low", medium: "Medium", high: "High", critical: "Critical" } as const;
  return captions[severity];
}

function timeField(name: string, time: string | undefined): object {
  return time === undefined ? {} : { [name]: millis(time) };
}

/** `timestamp_t`: milliseconds since 1970. */
function millis(time: string): number {
  return Date.parse(time);
}
