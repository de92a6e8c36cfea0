import { exemptionText, findingText } from "../../report/finding-text.ts";
import type { ReportedFinding } from "../../report/result.ts";
import { describeFramework } from "../../rules/framework.ts";
import { adviceOf } from "../advice.ts";
import type { PlaceReport } from "../place-report.ts";
import { placeText, unreadSentence } from "../unread-text.ts";
import { xmlAttributes, xmlLines } from "./xml.ts";

/** A test case, and how it counts. */
export interface TestCase {
  readonly outcome: "passed" | "failure" | "error" | "skipped";
  /** CIs compare both with those of the last build. */
  readonly name: string;
  readonly classname: string;
  readonly type?: string | undefined;
  readonly message?: string | undefined;
  /** Below the message. */
  readonly details: readonly string[];
}

export function findingCase(finding: ReportedFinding): TestCase {
  const { rule, verdict, arn, account, region, reason } = finding;
  const identity = { name: arn, classname: `${rule}.${account}.${region}`, type: reason };
  const message = `${finding.name}: ${findingText(finding)}`;
  switch (verdict) {
    case "violation":
      return { outcome: "failure", ...identity, message, details: violationDetails(finding) };
    case "unknown":
      return { outcome: "error", ...identity, message, details: factsOf(finding) };
    case "exempt":
      return {
        outcome: "skipped",
        ...identity,
        message: exemptionText(finding.exemption),
        details: factsOf(finding),
      };
    case "compliant":
      return { outcome: "passed", ...identity, details: [] };
  }
}

/** That a place was read. A CI that reads nothing but JUnit learns from an error here that something is missing. */
export function coverageCase(report: PlaceReport): TestCase {
  const { holes, message } = report;
  const identity = { name: `${placeText(report)} was read`, classname: "awsscan.coverage" };
  if (holes.length === 0) return { outcome: "passed", ...identity, details: [message] };
  const details = holes.map((hole) => `${hole.state}: ${unreadSentence(hole)}`);
  return { outcome: "error", ...identity, type: holes[0]?.state, message, details };
}

function violationDetails(finding: ReportedFinding): string[] {
  const { steps, references, command } = adviceOf(finding);
  return [
    ...factsOf(finding),
    ...(command === undefined ? [] : [`Plan: ${command}`]),
    ...steps.map((step, index) => `${index + 1}. ${step}`),
    ...finding.frameworks.map(describeFramework),
    ...references,
  ];
}

function factsOf(finding: ReportedFinding): string[] {
  const { severity, type, evidence, observedTime, observedBy, firstSeen, change } = finding;
  const facts: [string, string | undefined][] = [
    ["Severity", severity],
    ["Type", type],
    ...Object.entries(evidence).map(([field, value]): [string, string] => [field, value ?? "(absent)"]),
    ["Observed", observedTime],
    ["Observed by", observedBy],
    ["First seen", firstSeen],
    ["Against the baseline", change],
  ];
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [`${label}: ${value}`]));
}

/** The case as an element, indented by `indent`. */
export function testCaseXml(
  { outcome, name, classname, type, message, details }: TestCase,
  indent: string,
): string {
  const start = `${indent}<testcase${xmlAttributes({ name, classname, time: "0" })}`;
  if (outcome === "passed") {
    if (details.length === 0) return `${start}/>\n`;
    return `${start}>\n${indent}  <system-out>${xmlLines(details)}</system-out>\n${indent}</testcase>\n`;
  }
  const said = `${indent}  <${outcome}${xmlAttributes({ type, message })}>${xmlLines(details)}</${outcome}>`;
  return `${start}>\n${said}\n${indent}</testcase>\n`;
}
