import { spellOut, visibleText } from "../../api/visible-text.ts";
import { escapeMarkup } from "../entities.ts";

/** The characters beyond control characters and surrogates that no XML 1.0 document may hold, even escaped. */
const FORBIDDEN = /[\ufffe\uffff]/g;

/** Foreign text as content or attribute: what is forbidden or unseen is spelt out, what is markup is escaped. */
export function xmlText(text: string): string {
  return escapeMarkup(visibleText(text).replace(FORBIDDEN, spellOut));
}

/** Lines of foreign text, which keep the breaks between them. */
export function xmlLines(lines: readonly string[]): string {
  return lines.map(xmlText).join("\n");
}

/** ` name="value"` for each that is defined. */
export function xmlAttributes(attributes: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? "" : ` ${name}="${xmlText(String(value))}"`))
    .join("");
}
