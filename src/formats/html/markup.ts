import { visibleText } from "../../api/visible-text.ts";
import { escapeMarkup } from "../entities.ts";

/** HTML that is safe to write. Only {@link markup} makes it, so that no text gets into a page unescaped. */
export class Markup {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}

type Part = string | number | Markup | undefined | readonly Part[];

/**
 * A template of HTML: what stands in its literal is HTML, what is filled in is text, made visible and escaped for
 * elements and quoted attributes. Markup that is filled in stays markup; lists are joined; undefined is nothing.
 */
export function markup(literal: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(literal.map((html, index) => html + htmlOf(parts[index])).join(""));
}

function htmlOf(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Markup) return part.html;
  if (typeof part === "object") return part.map(htmlOf).join("");
  return escapeMarkup(visibleText(String(part)));
}
