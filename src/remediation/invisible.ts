// Controls beyond ASCII's, format characters (bidirectional overrides among them) and the separators of lines.
const INVISIBLE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** `text` with `spell(character)` instead of what an editor would not show, or would show in another order than it is. */
export function escapeInvisible(text: string, spell: (character: string) => string): string {
  return text.replace(INVISIBLE, spell);
}

/** `\uXXXX`, or `\UXXXXXXXX` beyond the basic plane: the escape of YAML and of HCL. */
export function unicodeEscape(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
}

/** JSON's: one `\uXXXX` for each unit of UTF-16. */
export function jsonEscape(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
