import { type Markup, markup } from "./markup.ts";

/** An RFC 3339 time for people and machines. */
export function time(rfc3339: string): Markup {
  return markup`<time datetime="${rfc3339}">${rfc3339.replace("T", " ").replace(/(:\d\d)(\.\d+)?Z$/, "$1")}</time>`;
}
