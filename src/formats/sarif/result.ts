import { parseArn } from "../../api/arn.ts";
import { visibleText } from "../../api/visible-text.ts";
import { exemptionText, findingText } from "../../report/finding-text.ts";
import type { ReportedFinding, ScanResult } from "../../report/result.ts";
import { adviceOf } from "../advice.ts";
import { findingDigest } from "../finding-id.ts";
import { sarifMessage } from "./message.ts";
import type { SarifRule, Taxonomies } from "./taxonomies.ts";

/** `run.results`: every finding, then what the baseline had and is no more. */
export function* sarifResults(
  { findings, baseline }: ScanResult,
  rules: readonly SarifRule[],
  taxonomies: Taxonomies,
): Iterable<object> {
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  const common = (finding: ReportedFinding) => {
    const ruleIndex = indexOf.get(finding.rule) ?? -1;
    return { ruleId: finding.rule, ruleIndex, ...whatAndWhere(finding, rules[ruleIndex], taxonomies) };
  };
  for (const finding of findings) {
    yield { ...common(finding), ...verdictOf(finding), message: messageOf(finding) };
  }
  for (const finding of baseline?.resolved ?? []) {
    const message = sarifMessage(`Resolved: ${describe(finding)} is read as no violation now, or is gone.`);
    // What it was would be `fail`, which readers that know no baselines would take for a violation of today.
    yield {
      ...common(finding),
      kind: "informational",
      level: "none",
      baselineState: "absent",
      suppressions: [],
      message,
    };
  }
}

/**
 * `open`: «the tool concluded that there was insufficient information to decide whether a problem exists» (3.27.9);
 * a level other than `none` is `fail`'s alone.
 */
function verdictOf({ verdict, exemption, change }: ReportedFinding): object {
  const baselineState = change === undefined ? {} : { baselineState: change };
  switch (verdict) {
    case "violation":
      return { kind: "fail", level: "error", suppressions: [], ...baselineState };
    case "exempt": {
      const suppression = { kind: "external", status: "accepted", justification: exemptionText(exemption) };
      return { kind: "fail", level: "error", suppressions: [suppression], ...baselineState };
    }
    case "unknown":
      return { kind: "open", level: "none", suppressions: [] };
    case "compliant":
      return { kind: "pass", level: "none", suppressions: [] };
  }
}

function messageOf(finding: ReportedFinding): object {
  const { command } = adviceOf(finding);
  const plan = command === undefined ? "" : ` To put it right: ${command}`;
  return sarifMessage(visibleText(`${describe(finding)}: ${findingText(finding)}${plan}`));
}

function describe({ name, region, account }: ReportedFinding): string {
  return `${name} in ${region} of account ${account}`;
}

function whatAndWhere(finding: ReportedFinding, rule: SarifRule | undefined, taxonomies: Taxonomies): object {
  const { arn, name, type, account, region, reason, evidence } = finding;
  const { observedTime, observedBy, firstSeen, lastVerified, exemption, severity } = finding;
  const digest = findingDigest(finding);
  const taxa = rule?.rule === undefined ? [] : taxonomies.ofType(rule.rule, type);
  return {
    locations: [
      {
        // GitHub shows nothing without a file; there is none, so that the path says where the resource is.
        physicalLocation: { artifactLocation: { uri: pathOf(finding) }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: arn, name, kind: "resource" }],
      },
    ],
    // GitHub compares the first, and no other.
    partialFingerprints: { primaryLocationLineHash: `${digest}:1`, "ruleAndArn/v1": digest },
    ...(taxa.length > 0 ? { taxa } : {}),
    properties: {
      type,
      account,
      region,
      reason,
      severity,
      evidence,
      observedTime,
      observedBy,
      firstSeen,
      lastVerified,
      exemption,
    },
  };
}

/** `aws/111122223333/eu-central-1/notebook-instance/churn-model`, the same in every scan. */
function pathOf({ arn, account, region }: ReportedFinding): string {
  const resource = (parseArn(arn)?.resource ?? arn).split("/").filter(Boolean);
  // Encoded, `.` and `..` would still be steps of a path.
  const steps = ["aws", account, region, ...resource].map((step) =>
    encodeURIComponent(visibleText(step)).replace(/^\.{1,2}$/, (dots) => dots.replaceAll(".", "%2E")),
  );
  return steps.join("/");
}
