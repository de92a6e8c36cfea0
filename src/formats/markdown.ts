import type { ReportedFinding, ScanResult } from "../report/result.ts";
import { describeFramework } from "../rules/framework.ts";
import { lessonsOf } from "./advice.ts";
import { conclude } from "./conclusion.ts";
import type { Format } from "./format.ts";
import { groupHoles, type Hole, unreadPlacesOf } from "./holes.ts";
import { code } from "./markdown/code.ts";
import { type Section, withinBudget } from "./markdown/section.ts";
import { byUrgency, evidenceText, typeNoun } from "./words.ts";

/**
 * GitHub takes comments of up to 65,536 characters. Rows that would exceed what is left are counted in their place; the
 * counts at the top are always of everything.
 */
const BUDGET = { holes: 15_000, findings: 40_000, resolved: 5_000 };

/** GitHub-flavoured Markdown for a pull request or an issue. Foreign text stands in code spans alone. */
export const markdown: Format = function* (result) {
  const { headline, reservations } = conclude(result);
  yield `## SageMaker notebooks and the internet\n\n**${headline}**\n\n`;
  yield* reservations.map((sentence) => `- ⚠️ ${sentence}\n`);
  if (reservations.length > 0) yield "\n";
  yield* counts(result);
  const holes = groupHoles(unreadPlacesOf(result));
  yield* withinBudget(HOLES, holes, BUDGET.holes);
  const findings = byUrgency(result.findings);
  yield* withinBudget(FINDINGS, findings, BUDGET.findings);
  yield* withinBudget(RESOLVED, result.baseline?.resolved ?? [], BUDGET.resolved);
  yield* lessons(result);
  yield `\nScanned at ${code(result.scan.completionTime)} by awsscan ${code(result.scan.version)}.\n`;
};

function* counts({ summary, baseline }: ScanResult): Iterable<string> {
  const { accounts, regions, resources, violations, unknown, exempt, compliant } = summary;
  yield "| Violations | Unknown | Exempt | Compliant | Resources | Accounts | Regions |\n";
  yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
  const row = [violations, unknown, exempt, compliant, resources, accounts, regions];
  yield `| ${row.map((count) => count.toLocaleString("en-US")).join(" | ")} |\n`;
  if (baseline === undefined) return;
  yield `\nAgainst the baseline: ${baseline.new} new, ${baseline.unchanged} unchanged, ${baseline.resolved.length} resolved.\n`;
}

const HOLES: Section<Hole> = {
  title: "Not read",
  columns: ["Account", "Regions", "State", "What AWS said", "What to do"],
  noun: "hole",
  cells: ({ account, accountName, regions, state, operation, code: errorCode, message, advice }) => [
    spans([account, accountName]) || "the scan's own credentials",
    regions.length === 0 ? "the account as a whole" : regions.map(code).join(" "),
    state,
    spans([operation, errorCode, message]),
    advice,
  ],
};

const FINDINGS: Section<ReportedFinding> = {
  title: "Findings",
  columns: ["Verdict", "Resource", "Why", "Since"],
  noun: "finding",
  cells: (finding) => [verdict(finding), resource(finding), why(finding), code(day(finding.firstSeen))],
};

const RESOLVED: Section<ReportedFinding> = {
  title: "Resolved since the baseline",
  columns: ["Resource", "First seen"],
  noun: "resolved violation",
  cells: (finding) => [resource(finding), code(day(finding.firstSeen))],
};

function day(time = ""): string {
  return time.slice(0, 10);
}

function spans(texts: readonly (string | undefined)[]): string {
  return texts
    .map((text = "") => code(text))
    .filter(Boolean)
    .join(" ");
}

function verdict({ verdict: judged, change, lastVerified }: ReportedFinding): string {
  const fresh = change === "new" ? " (new)" : "";
  const stale = lastVerified === undefined ? "" : `, not read since ${code(lastVerified)}`;
  return `${judged === "violation" ? "**violation**" : judged}${fresh}${stale}`;
}

function resource({ type, name, arn }: ReportedFinding): string {
  return `${typeNoun(type)} ${code(name)}<br>${code(arn)}`;
}

function why({ reason, evidence, exemption, message }: ReportedFinding): string {
  const read = evidenceText(evidence);
  const shown = read === "" ? `${code(reason)} ${code(message)}` : code(read);
  return exemption === undefined ? shown : `${shown} exempt by ${code(exemption)}`;
}

function* lessons({ findings }: ScanResult): Iterable<string> {
  for (const { title, rationale, steps, frameworks } of lessonsOf(
    findings.filter(({ verdict }) => verdict === "violation"),
  )) {
    yield `\n<details><summary>${title}: what to do</summary>\n\n${rationale}\n\n`;
    yield* steps.map((step, index) => `${index + 1}. ${step}\n`);
    yield "\n`awsscan plan ARN` writes these steps for one resource. Frameworks:\n\n";
    yield* frameworks.map((framework) => `- ${describeFramework(framework)}\n`);
    yield "\n</details>\n";
  }
}
