/** The page's style sheet. Colours have a contrast of 4.5 and more on their grounds, in light and dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fff; --raised: #f5f7fa; --line: #c9d1dc; --text: #17202b; --muted: #4d5a6b; --link: #0b57c4;
  --bad: #a8071a; --bad-ground: #fdecee; --doubt: #7a4a00; --doubt-ground: #fff4dc; --good: #0f6130; --good-ground: #e6f6ec;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #11161d; --raised: #1a212b; --line: #38444f; --text: #e8edf3; --muted: #a9b6c6; --link: #8ab8ff;
    --bad: #ff9aa5; --bad-ground: #3a161b; --doubt: #ffcf7d; --doubt-ground: #35270b; --good: #7fe0a2; --good-ground: #10301d;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 4rem; background: var(--ground);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1.0625rem; margin: 1.5rem 0 .5rem; }
a { color: var(--link); overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
code { font: .875em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; padding: .5rem 1rem; background: var(--ground); }
.muted { color: var(--muted); }
.banner { padding: 1rem 1.25rem; border-left: .375rem solid; border-radius: .375rem; }
.banner p { margin: 0; font-size: 1.125rem; font-weight: 600; }
.banner ul { margin: .5rem 0 0; padding-left: 1.25rem; color: var(--text); }
.violations, .violation { color: var(--bad); background: var(--bad-ground); }
.incomplete, .unknown { color: var(--doubt); background: var(--doubt-ground); }
.compliant { color: var(--good); background: var(--good-ground); }
.exempt { color: var(--muted); background: var(--raised); }
.badge { display: inline-block; padding: 0 .5rem; border-radius: 1rem; font-size: .875rem; font-weight: 600; }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.5rem, 1fr)); gap: .75rem; margin: 1rem 0 0; }
.counts div { display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: .75rem 1rem;
  background: var(--raised); border-radius: .375rem; }
.counts dt { color: var(--muted); font-size: .875rem; }
.counts dd { margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1.2; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; color: var(--muted); padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .625rem .75rem .625rem 0; border-top: 1px solid var(--line); }
thead th { border-top: 0; font-size: .875rem; color: var(--muted); }
tbody th { font-weight: 600; overflow-wrap: anywhere; }
td .muted, th .muted { font-size: .875rem; font-weight: 400; }
td time { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.nowrap { white-space: nowrap; }
details { margin-top: .25rem; }
summary { cursor: pointer; color: var(--link); width: fit-content; }
dl.facts { margin: .5rem 0 0; }
dl.facts dt { color: var(--muted); font-size: .875rem; }
dl.facts dd { margin: 0 0 .375rem; overflow-wrap: anywhere; }
.command { display: block; padding: .5rem .75rem; background: var(--raised); border-radius: .375rem; user-select: all; }
form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: 0 0 1rem; }
[hidden] { display: none !important; }
form label { display: flex; flex-direction: column; flex: 1 1 9rem; min-width: 0; font-size: .875rem; color: var(--muted); }
input, select, button { font: inherit; color: var(--text); background: var(--ground); border: 1px solid var(--muted);
  border-radius: .375rem; padding: .375rem .625rem; min-height: 2.5rem; max-width: 100%; }
button { background: var(--raised); cursor: pointer; }
.loading #findings-table tbody tr:nth-child(n + 251) { display: none; }
@media (max-width: 45rem) {
  .cards, .cards tbody, .cards tr, .cards th, .cards td, .cards caption { display: block; }
  .cards thead { position: absolute; left: -100vw; }
  .cards tr { border-top: 1px solid var(--line); padding: .75rem 0; }
  .cards th, .cards td { border: 0; padding: .125rem 0; }
  .cards td:empty { display: none; }
  .cards td[data-label]::before { content: attr(data-label) ": "; color: var(--muted); font-size: .875rem; }
  .cards .number { text-align: left; }
  .cards .nowrap { white-space: normal; }
}
@media print {
  :root { --ground: #fff; --raised: #fff; --line: #999; --text: #000; --muted: #333; --link: #000; --bad: #000; --doubt: #000;
    --good: #000; --bad-ground: #fff; --doubt-ground: #fff; --good-ground: #fff; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .skip, form, #more { display: none !important; }
  .badge, .banner { border: 1px solid; }
  tr, .banner { break-inside: avoid; }
  details > summary { display: none; }
  details::details-content { content-visibility: visible; display: block; }
}
`;
