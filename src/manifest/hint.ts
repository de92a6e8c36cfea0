import { type FieldError, goQuote } from "./field-error.ts";
import type { Place } from "./yaml/place.ts";

/** How to mend what YAML made of a word without quotes; undefined where the error is of another sort. */
export function hintOf({ reason, detail, path }: FieldError, { plain, plainKey }: Place): string | undefined {
  if (
    reason === "FieldValueTypeInvalid" &&
    plain !== undefined &&
    plain !== "" &&
    / of type string:/.test(detail)
  ) {
    return `without quotes ${plain} is no text; write ${goQuote(plain)}`;
  }
  if (reason === "UnknownField" && plainKey !== undefined && plainKey !== String(path.at(-1))) {
    return `without quotes YAML reads the key ${plainKey} as ${String(path.at(-1))}`;
  }
  return undefined;
}
