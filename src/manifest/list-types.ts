import { type FieldError, goJson, printed, type Reason, within } from "./field-error.ts";
import { fieldSchema, type StructuralSchema } from "./schema.ts";
import { isObject, type Json, type Path } from "./yaml/json.ts";

/**
 * Lists whose items, or their keys, must differ and do not.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/listtype/validation.go
 */
export function validateListTypes(
  value: Json,
  schema: StructuralSchema,
  path: Path = [],
  at = "",
): FieldError[] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, child]) => {
      const { field, isKey } = fieldSchema(schema, key);
      return field === undefined
        ? []
        : validateListTypes(child, field, [...path, key], within(at, key, isKey));
    });
  }
  if (!Array.isArray(value)) return [];
  const { items } = schema;
  const inner =
    items === undefined
      ? []
      : value.flatMap((item, index) => validateListTypes(item, items, [...path, index], within(at, index)));
  return [...duplicates(value, schema, path, at), ...inner];
}

function duplicates(list: Json[], schema: StructuralSchema, path: Path, at: string): FieldError[] {
  const type = schema["x-kubernetes-list-type"];
  if (type !== "set" && type !== "map") return [];
  const error = (index: number, reason: Reason, value: Json, detail = ""): FieldError => ({
    path: [...path, index],
    field: within(at, index),
    reason,
    value: printed(value),
    detail,
  });
  const odd = type === "map" ? list.findIndex((item) => item !== null && !isObject(item)) : -1;
  if (odd >= 0) {
    return [
      error(odd, "FieldValueInvalid", list[odd] ?? null, "must be an object for an array of list-type map"),
    ];
  }
  const keys =
    type === "set" ? list : list.map((item) => keysOf(item, schema["x-kubernetes-list-map-keys"] ?? []));
  const counts = new Map<string, number>();
  return keys.flatMap((key, index) => {
    const text = goJson(key);
    const times = (counts.get(text) ?? 0) + 1;
    counts.set(text, times);
    // Each value is told once, where it comes for the second time.
    return times === 2 ? [error(index, "FieldValueDuplicate", key)] : [];
  });
}

function keysOf(item: Json, names: readonly string[]): Json {
  if (!isObject(item)) return {};
  return Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
}
