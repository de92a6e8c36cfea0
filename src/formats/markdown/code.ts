import { visibleText } from "../../api/visible-text.ts";

/**
 * Foreign text as a code span, where GitHub and GitLab look for no mention, reference, link or HTML; nothing for nothing.
 * A pipe would end a table's cell even there, so it gets a code element of its own.
 */
export function code(text: string): string {
  return visibleText(text).split("|").map(span).join("<code>&#124;</code>");
}

/** https://spec.commonmark.org/0.31.2/#code-spans: a longer fence than any inside, and a space that readers take off. */
function span(text: string): string {
  if (text === "") return "";
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const spaced = /^[` ]|[` ]$/.test(text) && /[^ ]/.test(text) ? ` ${text} ` : text;
  return fence + spaced + fence;
}
