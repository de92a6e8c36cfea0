import { planCommand } from "../../report/plan-command.ts";
import type { ReportedFinding, ScanResult } from "../../report/result.ts";
import { lessonKey } from "../advice.ts";
import { byUrgency, counted, evidenceText, typeNoun } from "../words.ts";
import { lessonId } from "./lessons.ts";
import { type Markup, markup } from "./markup.ts";
import { time } from "./time.ts";

/** The findings with their filters; the filters are hidden until the script can serve them. */
export function* findingsSection({ findings, summary }: ScanResult): Iterable<Markup> {
  yield markup`<section aria-labelledby="findings"><h2 id="findings" tabindex="-1">Findings</h2>`;
  if (findings.length === 0) {
    const { violations, exempt, unknown } = summary;
    const counts = violations + exempt + unknown;
    const none =
      counts === 0
        ? "No violation, exemption or unknown."
        : `None is listed, though ${counted(counts, "resource")} did not pass: see what was not read.`;
    yield markup`<p>${none}</p></section>`;
    return;
  }
  yield filters(findings);
  // Roles again, since browsers forget them of tables that narrow screens lay out as cards.
  yield markup`<table id="findings-table" class="cards" role="table">
<caption>Most urgent first. Times are UTC.</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Verdict</th>
<th scope="col" role="columnheader">Resource</th><th scope="col" role="columnheader">Account</th>
<th scope="col" role="columnheader">Region</th><th scope="col" role="columnheader">Why</th>
<th scope="col" role="columnheader">Since</th></tr></thead><tbody role="rowgroup">
`;
  for (const finding of byUrgency(findings)) yield row(finding);
  yield markup`</tbody></table><p><button type="button" id="more" hidden>Show more</button></p></section>`;
}

function filters(findings: readonly ReportedFinding[]): Markup {
  return markup`<form id="filters" hidden role="search" aria-label="Filter the findings">
${select("verdict", "Verdict", findings)}${select("account", "Account", findings)}${select("region", "Region", findings)}
<label>Text <input type="search" name="text" autocomplete="off" spellcheck="false"></label>
<button type="reset">Clear</button></form>
<p id="shown" role="status" class="muted"></p>
`;
}

function select(
  field: "verdict" | "account" | "region",
  label: string,
  findings: readonly ReportedFinding[],
) {
  const values = [...new Set(findings.map((finding) => finding[field]))].sort();
  return markup`<label>${label} <select name="${field}"><option value="">All</option>${values.map(
    (value) => markup`<option value="${value}">${value}</option>`,
  )}</select></label>`;
}

function row(finding: ReportedFinding): Markup {
  const { verdict, account, region, type, name, reason, firstSeen, lastVerified, change } = finding;
  const stale = lastVerified && markup`<br><strong>Not read since ${time(lastVerified)}</strong>`;
  return markup`<tr role="row" data-verdict="${verdict}" data-account="${account}" data-region="${region}">
<td role="cell"><span class="badge ${verdict}">${verdict}</span>${change === "new" ? " new" : ""}</td>
<th scope="row" role="rowheader">${name}<br><span class="muted">${typeNoun(type)}</span></th>
<td role="cell" class="nowrap" data-label="Account">${account}</td><td role="cell" class="nowrap" data-label="Region">${region}</td>
<td role="cell">${reason}${stale}${facts(finding)}</td>
<td role="cell" data-label="Since">${firstSeen && time(firstSeen)}</td></tr>
`;
}

function facts(finding: ReportedFinding): Markup {
  const { arn, message, evidence, exemption, severity, observedTime, observedBy } = finding;
  const command = planCommand(finding);
  return markup`<details><summary>Details</summary><dl class="facts">
${fact("ARN", markup`<code>${arn}</code>`)}${fact("What this means", message)}
${fact("Read from AWS", evidenceText(evidence) || undefined)}
${fact("Read at", observedTime && time(observedTime))}${fact("Read as", observedBy && markup`<code>${observedBy}</code>`)}
${fact("Exempt by", exemption)}${fact("Severity", severity)}
${fact("Plan of the remediation", command && markup`<code class="command">${command}</code>`)}
${fact("More", markup`<a href="#${lessonId(lessonKey(finding))}">Steps and frameworks</a>`)}</dl></details>`;
}

function fact(term: string, value: string | Markup | undefined): Markup | undefined {
  return value === undefined || value === "" ? undefined : markup`<dt>${term}</dt><dd>${value}</dd>`;
}
