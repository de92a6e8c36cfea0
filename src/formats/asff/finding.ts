import { partitionOfRegion } from "../../api/arn.ts";
import { visibleText } from "../../api/visible-text.ts";
import { findingText } from "../../report/finding-text.ts";
import type { ReportedFinding, ResultFacts } from "../../report/result.ts";
import { describeFramework } from "../../rules/framework.ts";
import { ruleOf } from "../../rules/registry.ts";
import { NOTEBOOK_INSTANCE } from "../../rules/resource.ts";
import { adviceOf } from "../advice.ts";
import { findingDigest } from "../finding-id.ts";
import { type ComplianceStatus, envelope, resourcePartition, type SeverityLabel } from "./envelope.ts";
import { asffText, otherDetails, productFields } from "./limits.ts";
import { associatedStandards, relatedRequirements } from "./requirements.ts";

const TYPES = ["Software and Configuration Checks/Industry and Regulatory Standards"];

/**
 * An exempt violation is no `Workflow.Status: SUPPRESSED`: BatchImportFindings cannot take that back, so that the
 * violation would stay hidden when its exemption has ended. Nor has an unknown ever passed.
 */
const COMPLIANCE: Readonly<Record<ReportedFinding["verdict"], ComplianceStatus>> = {
  violation: "FAILED",
  exempt: "WARNING",
  unknown: "NOT_AVAILABLE",
  compliant: "PASSED",
};

export function asffFinding(finding: ReportedFinding, scan: ResultFacts): object {
  return findingOf(finding, scan, COMPLIANCE[finding.verdict], "ACTIVE", findingText(finding));
}

/** What the baseline had and is no violation now, or is gone: archived, since a deleted resource has passed nothing. */
export function asffResolved(finding: ReportedFinding, scan: ResultFacts): object {
  const text = "It is read as no violation now, or is gone.";
  return findingOf(finding, scan, "NOT_AVAILABLE", "ARCHIVED", text);
}

function findingOf(
  finding: ReportedFinding,
  scan: ResultFacts,
  status: ComplianceStatus,
  recordState: "ACTIVE" | "ARCHIVED",
  text: string,
): object {
  const {
    rule: id,
    name,
    account,
    region,
    reason,
    frameworks,
    firstSeen,
    lastVerified,
    observedTime,
  } = finding;
  const rule = ruleOf(id);
  const reasonText = asffText(text, 1_024);
  return {
    ...envelope({ account, region }, scan, {
      id: idOf(finding),
      generator: `awsscan/${id}`,
      title: `${id} ${rule?.title ?? ""}: ${name}`,
      description: [`${name}: ${text}`, rule?.guidance.rationale ?? ""].join(" ").trim(),
      createdAt: firstSeen ?? scan.completionTime,
      severity: severityOf(finding),
      types: TYPES,
    }),
    ...(firstSeen === undefined ? {} : { FirstObservedAt: firstSeen }),
    ...((lastVerified ?? observedTime) ? { LastObservedAt: lastVerified ?? observedTime } : {}),
    ...remediationOf(finding),
    ProductFields: productFields(fieldsOf(finding, scan)),
    Resources: [resourceOf(finding)],
    Compliance: {
      Status: status,
      StatusReasons: [
        { ReasonCode: reason, ...(reasonText === undefined ? {} : { Description: reasonText }) },
      ],
      RelatedRequirements: relatedRequirements(frameworks),
      AssociatedStandards: associatedStandards(frameworks),
    },
    RecordState: recordState,
  };
}

/** Rule and ARN, so that an import updates; Security Hub takes 512 characters. */
function idOf(finding: ReportedFinding): string {
  const id = `awsscan/${finding.rule}/${visibleText(finding.arn)}`;
  return id.length <= 512 ? id : `awsscan/${finding.rule}/sha256:${findingDigest(finding)}`;
}

/** LOW is what «does not require action on its own», INFORMATIONAL «no issue was found». */
function severityOf({ verdict, severity }: ReportedFinding): SeverityLabel {
  if (verdict === "compliant") return "INFORMATIONAL";
  if (verdict === "exempt") return "LOW";
  const labels = { low: "LOW", medium: "MEDIUM", high: "HIGH", critical: "CRITICAL" } as const;
  return labels[severity];
}

/** In 512 characters: the command, which is far shorter, then as many of the steps as fit. */
function remediationOf(finding: ReportedFinding): object {
  const { steps, references, command } = adviceOf(finding);
  const intro = command === undefined ? "" : `${command} makes a plan. By hand: `;
  const text = asffText(`${intro}${steps.join(" ")}`, 512);
  if (text === undefined) return {};
  const [url] = references;
  return { Remediation: { Recommendation: { Text: text, ...(url === undefined ? {} : { Url: url }) } } };
}

function fieldsOf(finding: ReportedFinding, { version }: ResultFacts): [string, string | undefined][] {
  const { command, steps } = adviceOf(finding);
  return [
    ["awsscan/Verdict", finding.verdict],
    ["awsscan/Version", version],
    ["awsscan/Exemption", finding.exemption],
    ["awsscan/ObservedBy", finding.observedBy],
    ["awsscan/LastVerified", finding.lastVerified],
    ["awsscan/Change", finding.change],
    ["awsscan/Plan", command],
    ["awsscan/Remediation", finding.verdict === "violation" ? steps.join(" ") : undefined],
    ["awsscan/Frameworks", finding.frameworks.map(describeFramework).join("; ")],
  ];
}

function resourceOf({ arn, type, region, name, evidence }: ReportedFinding): object {
  const pairs = Object.entries(evidence).map(([field, value]) => [field, value ?? "(absent)"] as const);
  const isNotebook = type === NOTEBOOK_INSTANCE;
  return {
    // Security Hub has no type for domains.
    Type: isNotebook ? "AwsSageMakerNotebookInstance" : "Other",
    Id: visibleText(arn),
    ...resourcePartition(partitionOfRegion(region)),
    Region: region,
    Details: {
      ...(isNotebook ? { AwsSageMakerNotebookInstance: notebookDetails(arn, name, evidence) } : {}),
      Other: otherDetails([["Type", type], ["Name", name], ...pairs]),
    },
  };
}

function notebookDetails(arn: string, name: string, evidence: ReportedFinding["evidence"]): object {
  const access = evidence["DirectInternetAccess"];
  const fields: [string, string | undefined][] = [
    ["NotebookInstanceArn", arn],
    ["NotebookInstanceName", name],
    ["DirectInternetAccess", access ?? undefined],
  ];
  return Object.fromEntries(
    fields.flatMap(([field, value]) => {
      const text = asffText(value ?? "", 2_048);
      return text === undefined ? [] : [[field, text]];
    }),
  );
}
