/**
 * The page's script: filters, and no more than 250 findings at a time, so that ten thousand stay quick. Without it the
 * page shows everything. It writes no HTML: it hides rows and sets text.
 */
export const SCRIPT = `
"use strict";
const PAGE = 250;
document.documentElement.classList.add("loading");
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("filters");
  document.documentElement.classList.remove("loading");
  if (form === null) return;
  const more = document.getElementById("more");
  const shown = document.getElementById("shown");
  const rows = [...document.querySelectorAll("#findings-table tbody tr")].map((row) => ({
    row,
    facts: row.dataset,
    text: row.textContent.toLowerCase(),
  }));
  let limit = PAGE;
  let matches = [];

  function matching() {
    const { verdict, account, region, text } = Object.fromEntries(new FormData(form));
    const words = text.toLowerCase().split(/\\s+/).filter(Boolean);
    return rows.filter(
      (row) =>
        (verdict === "" || row.facts.verdict === verdict) &&
        (account === "" || row.facts.account === account) &&
        (region === "" || row.facts.region === region) &&
        words.every((word) => row.text.includes(word)),
    );
  }

  function show() {
    const visible = new Set(matches.slice(0, limit));
    for (const entry of rows) entry.row.hidden = !visible.has(entry);
    const left = matches.length - visible.size;
    more.hidden = left === 0;
    more.textContent = "Show " + Math.min(PAGE, left) + " more";
    const count = visible.size.toLocaleString("en-US") + " of " + matches.length.toLocaleString("en-US");
    shown.textContent =
      matches.length === rows.length
        ? "Showing " + count + " findings."
        : "Showing " + count + " matching findings, of " + rows.length.toLocaleString("en-US") + " in all.";
  }

  function filter() {
    limit = PAGE;
    matches = matching();
    show();
  }

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  // The fields have their first values again only after the event.
  form.addEventListener("reset", () => setTimeout(filter));
  more.addEventListener("click", () => {
    const first = matches[limit];
    limit += PAGE;
    show();
    // Who reads by keyboard goes on where the new rows begin.
    first?.row.querySelector("summary")?.focus();
  });
  window.addEventListener("beforeprint", () => {
    limit = Infinity;
    show();
  });
  form.hidden = false;
  filter();
});
`;
