import { type FieldError, fieldOf } from "./field-error.ts";
import { fieldSchema, type StructuralSchema } from "./schema.ts";
import { suggest } from "./suggest.ts";
import { isObject, type Json, type Path } from "./yaml/json.ts";

/**
 * Takes out of `value` every field that the schema does not know, and tells of it: kubectl asks the API server to refuse
 * them. `metadata` of the root is left alone.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/pruning/algorithm.go
 */
export function pruneUnknown(value: Json, schema: StructuralSchema | undefined): FieldError[] {
  const errors: FieldError[] = [];
  prune(value, schema, []);
  return errors;

  function prune(part: Json, known: StructuralSchema | undefined, path: Path): void {
    if (Array.isArray(part)) {
      for (const [index, item] of part.entries()) prune(item, known?.items, [...path, index]);
    } else if (isObject(part)) {
      for (const [key, child] of Object.entries(part)) {
        if (path.length === 0 && key === "metadata") continue;
        const childPath = [...path, key];
        const field = known && fieldSchema(known, key).field;
        if (field !== undefined) prune(child, field, childPath);
        else {
          errors.push(unknownField(childPath, Object.keys(known?.properties ?? {})));
          delete part[key];
        }
      }
    }
  }
}

/** An unknown field beside those that are known. */
export function unknownField(path: Path, known: readonly string[]): FieldError {
  const name = String(path.at(-1));
  const meant = suggest(name, known);
  const hint = meant === undefined ? "remove it" : `did you mean ${meant}?`;
  return { path, field: fieldOf(path), reason: "UnknownField", value: undefined, detail: "", hint };
}

/**
 * Takes out nulls where the schema allows none and has no default: the API server reads them as fields left out.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/defaulting/prunenulls.go
 */
export function pruneNulls(value: Json, schema: StructuralSchema | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) pruneNulls(item, schema?.items);
  } else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      const field = schema && fieldSchema(schema, key).field;
      if (child === null && field !== undefined && field.nullable !== true && field.default === undefined)
        delete value[key];
      else pruneNulls(child, field);
    }
  }
}
