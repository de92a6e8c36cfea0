/**
 * What kubectl makes of a scalar of YAML: the rules of go-yaml v2, which are those of YAML 1.1 with exceptions of its
 * own (`yes` is true, `0123` is 83, `089` is 89, a time stays text, base 60 is text).
 * https://github.com/yaml/go-yaml/blob/v2/resolve.go
 */

/** A value that is no list and no object. */
export type Scalar = string | number | boolean | null;

const CONSTANTS: readonly (readonly [boolean | null | number, readonly string[]])[] = [
  [true, ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]],
  [false, ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]],
  [null, ["", "~", "null", "Null", "NULL"]],
  [Number.NaN, [".nan", ".NaN", ".NAN"]],
  [Number.POSITIVE_INFINITY, [".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"]],
  [Number.NEGATIVE_INFINITY, ["-.inf", "-.Inf", "-.INF"]],
];
const BY_WORD: ReadonlyMap<string, boolean | null | number> = new Map(
  CONSTANTS.flatMap(([value, words]) => words.map((word) => [word, value] as const)),
);

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/** The value of a scalar without quotes. An integer beyond 2^53 comes as the nearest number, which decides nothing. */
export function resolvePlain(text: string): Scalar {
  const constant = BY_WORD.get(text);
  if (constant !== undefined) return constant;
  // Underscores part the digits of numbers; after a leading dot go-yaml does not take them out.
  if (/^\.[0-9]/.test(text)) return FLOAT.test(text) ? finite(text) : text;
  if (!/^[-+0-9]/.test(text)) return text;
  const digits = text.replaceAll("_", "");
  return integer(digits) ?? (FLOAT.test(digits) ? finite(digits, text) : text);
}

function integer(digits: string): number | undefined {
  const [, sign, hex, binary, octal, decimal] = INTEGER.exec(digits) ?? [];
  const literal =
    (hex && `0x${hex}`) ?? (binary && `0b${binary}`) ?? (octal && `0o${octal}`) ?? (decimal || undefined);
  if (literal === undefined) return undefined;
  const size = BigInt(literal);
  if (sign === "-") return size > MAX_INT64 + 1n ? undefined : Number(-size);
  return size > (sign === "+" ? MAX_INT64 : MAX_UINT64) ? undefined : Number(size);
}

/** A number that is too large for Go stays text. */
function finite(digits: string, text = digits): number | string {
  const value = Number(digits);
  return Number.isFinite(value) ? value : text;
}
