/** Markdown tables, aligned so that a terminal shows them as well. */

/** A table: the first column is text, and so are those titled `when` or `says`; the others are figures. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => (row[at] ?? "").length)),
  );
  const isText = (at: number) => at === 0 || ["when", "says"].includes(head[at] ?? "");
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => pad(cells[at] ?? "", width, isText(at))).join(" | ")} |`;
  const rule = `|${widths.map((width, at) => (isText(at) ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

function pad(cell: string, width: number, isText: boolean): string {
  return isText ? cell.padEnd(width) : cell.padStart(width);
}

/** `1.83`: three significant digits, so that 100 and 0.01 both say what they can. */
export function figure(value: number): string {
  if (value === 0) return "0";
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}

/** The middle value; of an even number the higher of the two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
