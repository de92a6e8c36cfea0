import stringWidth from "string-width";

/** A column of text, which starts where its header starts. */
export interface Column<Row> {
  readonly header: string;
  text(row: Row): string;
  /** Cells may be cut down to this width where the terminal is narrow; absent: never cut. */
  readonly least?: number;
  /** Left out where cutting is not enough. */
  readonly dispensable?: boolean;
  /** How a cell is coloured. Applied last, so that colours count for no width. */
  paint?(cell: string, row: Row): string;
}

const GAP = "  ";

/**
 * A header and a line for each row, in columns that are aligned as terminals show them: wide characters count two,
 * combining ones none. What exceeds `width` is cut, the columns that give most first; then columns are left out. What
 * still exceeds it is left to the terminal to wrap, since text that may not be cut is text that somebody copies.
 */
export function* grid<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number | undefined,
): Iterable<string> {
  const { shown, widths } = layOut(rows, columns, width);
  yield lineOf(shown.map(({ header }, index) => pad(header, widths[index] ?? 0)));
  for (const row of rows) {
    yield lineOf(
      shown.map(({ text, paint }, index) => {
        const cell = pad(text(row), widths[index] ?? 0);
        return paint === undefined ? cell : paint(cell, row);
      }),
    );
  }
}

/** How wide the grid is where nothing is cut. */
export function naturalWidth<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): number {
  const cells = columns.reduce((sum, column) => sum + widthOfColumn(rows, column), 0);
  return cells + GAP.length * (columns.length - 1);
}

function layOut<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width = Number.POSITIVE_INFINITY,
) {
  const natural = new Map(columns.map((column) => [column, widthOfColumn(rows, column)]));
  const widthOf = (column: Column<Row>) => natural.get(column) ?? 0;
  const leastOf = (column: Column<Row>) =>
    Math.min(widthOf(column), column.least ?? Number.POSITIVE_INFINITY);
  const total = (of: readonly Column<Row>[], measure: (column: Column<Row>) => number) =>
    of.reduce((sum, column) => sum + measure(column), GAP.length * (of.length - 1));
  let shown = columns;
  for (const column of columns.toReversed()) {
    if (total(shown, leastOf) <= width) break;
    if (column.dispensable === true) shown = shown.filter((other) => other !== column);
  }
  let excess = total(shown, widthOf) - width;
  const widths = shown.map((column) => {
    const cut = Math.max(0, Math.min(excess, widthOf(column) - leastOf(column)));
    excess -= cut;
    return widthOf(column) - cut;
  });
  return { shown, widths };
}

function widthOfColumn<Row>(rows: readonly Row[], { header, text }: Column<Row>): number {
  return rows.reduce((widest, row) => Math.max(widest, stringWidth(text(row))), header.length);
}

function pad(text: string, width: number): string {
  const cut = shorten(text, width);
  return cut + " ".repeat(width - stringWidth(cut));
}

const CHARACTERS = new Intl.Segmenter("en", { granularity: "grapheme" });

/** `text` in at most `width` columns; an ellipsis tells that something is missing. */
function shorten(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  let used = 1;
  for (const { segment } of CHARACTERS.segment(text)) {
    used += stringWidth(segment);
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}

function lineOf(cells: readonly string[]): string {
  return cells.join(GAP).trimEnd();
}
