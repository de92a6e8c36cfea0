/**
 * Text from AWS accounts on its way to a screen: nothing in it may move the cursor, change the direction of reading,
 * break a line or be there without being seen.
 */

// Control and format characters (bidi, zero-width, tags), lone surrogates, line and paragraph separators.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** `text` with every character that has no shape of its own spelt out as in JSON: `\u202e`. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, spellOut);
}

/** A character as `\uXXXX`, once for each UTF-16 unit. */
export function spellOut(character: string): string {
  let spelt = "";
  for (let unit = 0; unit < character.length; unit += 1) {
    spelt += `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`;
  }
  return spelt;
}
