import type { ReportedFinding } from "../../report/result.ts";
import { type Markup, markup } from "./markup.ts";
import { time } from "./time.ts";

/** The violations of the baseline that are none any more. */
export function resolvedSection(resolved: readonly ReportedFinding[]): Markup | undefined {
  if (resolved.length === 0) return undefined;
  return markup`<section aria-labelledby="resolved"><h2 id="resolved">Resolved since the baseline</h2>
<table class="cards" role="table"><caption>Read as no violation now, or gone.</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Resource</th>
<th scope="col" role="columnheader">First seen</th></tr></thead><tbody role="rowgroup">${resolved.map(
    ({ name, arn, firstSeen }) => markup`<tr role="row"><th scope="row" role="rowheader">${name}<br>
<code class="muted">${arn}</code></th><td role="cell" data-label="First seen">${firstSeen && time(firstSeen)}</td></tr>
`,
  )}</tbody></table></section>`;
}
