import type { ScanResult } from "../../report/result.ts";
import type { AccountSummary } from "../../report/summary.ts";
import { conclude } from "../conclusion.ts";
import { type Markup, markup } from "./markup.ts";
import { time } from "./time.ts";

/** The banner that says what the result comes to, and the counts. */
export function overview(result: ScanResult): Markup {
  const { summary, scan, baseline } = result;
  const { verdict, headline, reservations } = conclude(result);
  const reserved = reservations.map((sentence) => markup`<li>${sentence}</li>`);
  const seconds = Math.round((Date.parse(scan.completionTime) - Date.parse(scan.startTime)) / 1000);
  return markup`<header><h1>SageMaker notebooks and the internet</h1>
<div class="banner ${verdict}"><p>${headline}</p>${reserved.length > 0 ? markup`<ul>${reserved}</ul>` : undefined}</div>
<p class="muted">Scanned at ${time(scan.completionTime)} UTC in ${seconds} s by awsscan ${scan.version}.</p></header>
<section aria-labelledby="counts"><h2 id="counts">Counts</h2><dl class="counts">${[
    count("violations", summary.violations),
    count("unknown", summary.unknown),
    count("exempt", summary.exempt),
    count("compliant", summary.compliant),
    count("resources", summary.resources),
    count("accounts", summary.accounts),
    count("regions", summary.regions),
  ]}</dl>${
    baseline &&
    markup`<p>Against the baseline: ${baseline.new} new, ${baseline.unchanged} unchanged, ${baseline.resolved.length} resolved.</p>`
  }</section>
`;
}

function count(what: string, value: number): Markup {
  return markup`<div><dt>${what}</dt><dd>${value.toLocaleString("en-US")}</dd></div>`;
}

/** A row for each account, where there are several. */
export function accountsSection(accounts: readonly AccountSummary[]): Markup | undefined {
  if (accounts.length < 2) return undefined;
  const heads = ["Resources", "Violations", "Unknown", "Exempt", "Compliant"];
  return markup`<section aria-labelledby="accounts"><h2 id="accounts">Accounts</h2><table class="cards" role="table">
<caption>Counts of what could be read, most urgent first.</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Account</th>${heads.map(
    (head) => markup`<th scope="col" role="columnheader" class="number">${head}</th>`,
  )}</tr></thead><tbody role="rowgroup">${accounts.map(
    ({ id, name, resources, violations, unknown, exempt, compliant }) =>
      markup`<tr role="row"><th scope="row" role="rowheader">${id}<br><span class="muted">${name}</span></th>${[
        resources,
        violations,
        unknown,
        exempt,
        compliant,
      ].map(
        (value, index) =>
          markup`<td role="cell" class="number" data-label="${heads[index]}">${value.toLocaleString("en-US")}</td>`,
      )}</tr>
`,
  )}</tbody></table></section>`;
}
