import { fieldSchema, type StructuralSchema } from "./schema.ts";
import { isObject, type Json } from "./yaml/json.ts";

/**
 * Fills in the schema's defaults where a field is missing, or null and may not be, down to where objects exist.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/defaulting/algorithm.go
 */
export function applyDefaults(value: Json, schema: StructuralSchema): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return;
    for (const [index, item] of value.entries()) {
      if (item === null && items.nullable !== true) value[index] = defaultOf(items) ?? null;
      applyDefaults(value[index] ?? null, items);
    }
  } else if (isObject(value)) {
    for (const [key, field] of Object.entries(schema.properties ?? {})) {
      const filled = defaultOf(field);
      if (filled === undefined) continue;
      if (value[key] === undefined || (value[key] === null && field.nullable !== true)) value[key] = filled;
    }
    for (const [key, child] of Object.entries(value)) {
      const { field } = fieldSchema(schema, key);
      if (field !== undefined) applyDefaults(child, field);
    }
  }
}

function defaultOf({ default: filled }: StructuralSchema): Json | undefined {
  return structuredClone(filled) as Json | undefined;
}
