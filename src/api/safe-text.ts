/**
 * Text from outside (AWS errors, resource names, tokens' issuers) on its way into a status, an Event or a log:
 * one line, bounded, without control characters and without credentials.
 */

// A JSON Web Token; an AWS access key id; the value of a parameter whose name says that it is secret.
const SECRETS: readonly [RegExp, string][] = [
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, "[token]"],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g, "[key id]"],
  [
    /((?:secret_?(?:access_?)?key|(?:session|security|auth|webidentity|bearer)?[-_]?token|authorization|password)["'>]?\s*[:=>]\s*["']?)(?:(?:Bearer|Basic)\s+)?[^\s"'&,;<]+/gi,
    "$1[redacted]",
  ],
];

/** `text` in one line of at most `maxLength` UTF-16 units, without control characters and secrets. */
export function safeText(text: string, maxLength = 512): string {
  // Bounded first, so that a huge answer costs no time in the expressions below.
  let line = text
    .slice(0, maxLength * 4)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ")
    .trim();
  for (const [pattern, replacement] of SECRETS) line = line.replace(pattern, replacement);
  // A cut must not leave half a surrogate pair, which no JSON reader gives back as it was.
  return (line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`).toWellFormed();
}
