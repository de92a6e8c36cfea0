/**
 * A pattern that the API server gives to Go's RE2, as a JavaScript expression.
 * @throws {Error} where the two languages differ in what the pattern means, so that a test over the CRD fails.
 */
export function regExpOf(pattern: string): RegExp {
  const difference = differenceFromRe2(pattern);
  if (difference !== undefined)
    throw new Error(`the pattern ${pattern} has ${difference}, which JavaScript reads otherwise than RE2`);
  return new RegExp(pattern);
}

/**
 * What of a pattern JavaScript, without flags, and RE2 understand differently; undefined where nothing is. RE2 counts
 * characters where JavaScript counts UTF-16 units, has other classes, and a dot of another meaning.
 */
export function differenceFromRe2(pattern: string): string | undefined {
  // The pattern is nothing but one negated class, which is then found or not, whatever a character is.
  if (/^\[\^(?:[^\\\]]|\\[tnr\\\]])+\]$/.test(pattern)) return undefined;
  for (const [token] of pattern.matchAll(
    /\\[\s\S]?|\[\^?\]?(?:\\[\s\S]|[^\\\]])*\](?:[*+?]|\{[^}]*\})?|[\s\S]/g,
  )) {
    if (token === ".") return "a dot outside of brackets";
    if (token.startsWith("\\") && !/^\\[dtnr\\^$.*+?()[\]{}|/-]$/.test(token)) return `the escape ${token}`;
    if (token.startsWith("[") && /\[:|\\[^dtnr\\\]^-]/.test(token)) return `the class ${token}`;
    // Not negated, a class of the basic plane matches the same characters in both.
    if (token.startsWith("[^") && !/\][*+]$/.test(token)) return `the negated class ${token} without * or +`;
    if (/[\ud800-\udfff]/.test(token)) return "a character beyond the basic plane";
  }
  return pattern.includes("(?") ? "a group that begins with ?" : undefined;
}
