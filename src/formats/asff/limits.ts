import { visibleText } from "../../api/visible-text.ts";

/**
 * `text` as ASFF takes it: visible, on one line, with at most `max` characters. Undefined where nothing but space is
 * left, which the pattern of every ASFF string (`.*\S.*`) forbids.
 */
export function asffText(text: string, max: number): string | undefined {
  const visible = visibleText(text);
  if (!/\S/.test(visible)) return undefined;
  if (visible.length <= max) return visible;
  // A cut must not leave half a surrogate pair.
  return `${visible.slice(0, max - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Pairs for `ProductFields`: 50 of them, names up to 128 characters, values up to 2,048. */
export function productFields(
  pairs: readonly (readonly [string, string | undefined])[],
): Record<string, string> {
  return fieldMap(pairs, { pairs: 50, name: 128, value: 2_048 });
}

/** Pairs for `Resources[].Details.Other`: 50, names under 128 characters, values under 1,024. */
export function otherDetails(
  pairs: readonly (readonly [string, string | undefined])[],
): Record<string, string> {
  return fieldMap(pairs, { pairs: 50, name: 127, value: 1_023 });
}

function fieldMap(
  pairs: readonly (readonly [string, string | undefined])[],
  max: { readonly pairs: number; readonly name: number; readonly value: number },
): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of pairs) {
    const key = asffText(name, max.name);
    const text = asffText(value ?? "", max.value);
    if (key === undefined || text === undefined) continue;
    if (Object.keys(fields).length < max.pairs) fields[key] = text;
  }
  return fields;
}
