import { visibleText } from "../api/visible-text.ts";

/** A value that JSON can hold. */
type Value =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Value[]
  | { readonly [key: string]: Value };

/**
 * `value` with {@link visibleText} for every string and key in it. Readers of JSON unescape what they read and show it
 * to people, so that an escape in the file alone would only move the harm; and some refuse a lone surrogate, and with it
 * the whole report.
 */
export function visibleValue<T extends object>(value: T): T {
  return visible(value as unknown as Value) as unknown as T;
}

function visible(value: Value): Value {
  if (typeof value === "string") return visibleText(value);
  if (Array.isArray(value)) return value.map(visible);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [visibleText(key), visible(field)]));
}
