/** What `--output` takes, apart from the formats themselves: help and completion need no more. */
export const FORMAT_NAMES = [
  "table",
  "json",
  "ndjson",
  "csv",
  "sarif",
  "junit",
  "ocsf",
  "asff",
  "html",
  "markdown",
] as const;

export type FormatName = (typeof FORMAT_NAMES)[number];
