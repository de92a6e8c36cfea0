/** What must never be in a log, a status or an Event, by its form: the tests do not know what AWS handed out. */

const FORMS: readonly (readonly [kind: string, form: RegExp])[] = [
  ["JSON Web Token", /\beyJ[\w-]{10,}\.[\w-]{10,}/],
  ["id of a temporary key", /\bASIA[A-Z0-9]{12,}/],
  ["session token", /[A-Za-z0-9+/]{100,}/],
  // 40 characters of base64; the lookaheads leave out hexadecimal digests.
  [
    "secret access key",
    /(?<![A-Za-z0-9+/=])(?=[^A-Z]{0,39}[A-Z])(?=[^a-z]{0,39}[a-z])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/,
  ],
];

/** A secret: what it is by its form, and the line that holds it. */
export interface Leak {
  readonly kind: string;
  readonly line: string;
}

/** Every line with something that looks like a secret, and those with one of `known`. */
export function leaksIn(lines: readonly string[], known: readonly string[] = []): Leak[] {
  return lines.flatMap((line) => [
    ...FORMS.filter(([, form]) => form.test(line)).map(([kind]) => ({ kind, line })),
    ...known.filter((secret) => line.includes(secret)).map(() => ({ kind: "known secret", line })),
  ]);
}
