import type { Json, Path } from "./yaml/json.ts";

/** What kind of error the API server would tell, by its own name for it. */
export type Reason =
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueInvalid"
  | "FieldValueTypeInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "UnknownField"
  | "DuplicateField";

const TITLES: Readonly<Record<Reason, string>> = {
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueInvalid: "Invalid value",
  FieldValueTypeInvalid: "Invalid value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
  UnknownField: "unknown field",
  DuplicateField: "duplicate field",
};

/** One thing that is wrong with a value, in the API server's words. */
export interface FieldError {
  readonly path: Path;
  /** `spec.accounts[0].id`, as the API server writes it. */
  readonly field: string;
  readonly reason: Reason;
  /** The value, as the API server writes it; undefined where it writes none. */
  readonly value: string | undefined;
  /** Why; empty where the reason says it all. */
  readonly detail: string;
  /** The mend, where one suggests itself. */
  readonly hint?: string | undefined;
}

/** The error without its field: `Invalid value: "x": id is not …`. */
export function wordsOf({ field, reason, value, detail }: Omit<FieldError, "path" | "hint">): string {
  if (isOfName(reason)) return `${TITLES[reason]} ${goQuote(field)}`;
  return [TITLES[reason], value, detail].filter((part) => part !== undefined && part !== "").join(": ");
}

/** Whether the field's name itself is what is wrong. */
export function isOfName(reason: Reason): boolean {
  return reason === "UnknownField" || reason === "DuplicateField";
}

/** A path as the API server's validation of schemas writes it, a map's keys like fields. */
export function fieldOf(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
}

/** The field of a step within a field, as lists' types and rules write it: a map's keys in brackets. */
export function within(field: string, step: string | number, isKey = false): string {
  if (typeof step === "number" || isKey) return `${field}[${step}]`;
  return field === "" ? step : `${field}.${step}`;
}

/** A value as the API server writes it in messages. */
export function printed(value: Json): string {
  if (typeof value === "string") return goQuote(value);
  if (typeof value !== "object" || value === null) return String(value);
  return goJson(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  '"': '\\"',
  "\\": "\\\\",
};

/** As Go's `strconv.Quote`: what does not show, such as control characters, comes as an escape. */
export function goQuote(text: string): string {
  return `"${text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, escaped)}"`;
}

function escaped(character: string): string {
  const known = ESCAPES[character];
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x20 || code === 0x7f) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

/** As Go's `json.Marshal`: keys in order, and nothing that HTML could take for its own. */
export function goJson(value: Json): string {
  const text = JSON.stringify(value, (_key, part: Json) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
  return text.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
