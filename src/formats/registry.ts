import { asff } from "./asff.ts";
import { csv } from "./csv.ts";
import type { Format } from "./format.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import type { FormatName } from "./names.ts";
import { ndjson } from "./ndjson.ts";
import { ocsf } from "./ocsf.ts";
import { sarif } from "./sarif.ts";
import { table } from "./table.ts";

/** Every format that `--output` takes. A new one is a new file, a line here and its name in names.ts. */
export const FORMATS = {
  table,
  json,
  ndjson,
  csv,
  sarif,
  junit,
  ocsf,
  asff,
  html,
  markdown,
} as const satisfies Readonly<Record<FormatName, Format>>;
