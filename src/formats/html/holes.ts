import type { Hole } from "../holes.ts";
import { type Markup, markup } from "./markup.ts";

/** What was not read, and what to do about it. */
export function holesSection(holes: readonly Hole[]): Markup | undefined {
  if (holes.length === 0) return undefined;
  return markup`<section aria-labelledby="holes"><h2 id="holes">Not read</h2><table class="cards" role="table">
<caption>A violation in these places may be missing from this page.</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Account</th>
<th scope="col" role="columnheader">Regions</th><th scope="col" role="columnheader">State</th>
<th scope="col" role="columnheader">What AWS said</th><th scope="col" role="columnheader">What to do</th></tr></thead>
<tbody role="rowgroup">${holes.map(row)}</tbody></table></section>`;
}

function row({
  account,
  accountName,
  regions,
  state,
  operation,
  code,
  message,
  requestId,
  advice,
}: Hole): Markup {
  const name = accountName && markup`<br><span class="muted">${accountName}</span>`;
  const where = regions.length === 0 ? "the account as a whole" : regions.join(", ");
  const request = requestId && markup`<br><span class="muted">request ${requestId}</span>`;
  return markup`<tr role="row"><th scope="row" role="rowheader"><span class="nowrap">${account || "the scan's own credentials"}</span>${name}</th>
<td role="cell" data-label="Regions">${where}</td>
<td role="cell"><span class="badge nowrap unknown">${state}</span></td>
<td role="cell">${[operation, code].filter(Boolean).join(" ")}${operation === undefined ? message : message && markup`<br>${message}`}${request}</td>
<td role="cell">${advice}</td></tr>
`;
}
