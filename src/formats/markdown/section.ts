import { counted } from "../words.ts";

/** A heading with a table of `Row`s. Cells are Markdown. */
export interface Section<Row> {
  readonly title: string;
  readonly columns: readonly string[];
  /** What a row is, for counting those that are left out. */
  readonly noun: string;
  cells(row: Row): readonly string[];
}

/** The section with as many rows as fit in `budget` UTF-16 units, and how many do not; nothing where there are no rows. */
export function* withinBudget<Row>(
  section: Section<Row>,
  rows: readonly Row[],
  budget: number,
): Iterable<string> {
  if (rows.length === 0) return;
  const { title, columns, noun, cells } = section;
  yield `\n### ${title}\n\n${line(columns)}${line(columns.map(() => "---"))}`;
  let spent = 0;
  for (const [index, row] of rows.entries()) {
    const text = line(cells(row));
    spent += text.length;
    if (spent > budget) {
      yield `\n⚠️ **${counted(rows.length - index, noun)} more**, beyond what a comment holds: see the HTML or JSON.\n`;
      return;
    }
    yield text;
  }
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}
