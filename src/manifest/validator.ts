import { applyDefaults } from "./defaults.ts";
import { type FieldError, fieldOf, goQuote } from "./field-error.ts";
import { validateListTypes } from "./list-types.ts";
import { decodeMetadata, validateMetadata } from "./metadata.ts";
import { pruneNulls, pruneUnknown } from "./prune.ts";
import { compileRules, evaluateRules } from "./rules.ts";
import type { StructuralSchema } from "./schema.ts";
import { isBlocking, validateSchema } from "./validate-schema.ts";
import { emptyObject, isObject, type JsonObject } from "./yaml/json.ts";

/** Takes an object as the API server takes one that is created, and returns what it complains of. */
export type Validate = (object: JsonObject) => Verdict;

export interface Verdict {
  readonly errors: readonly FieldError[];
  /** Whether rules were left out, since they are only for objects that fit the schema: mending may show more errors. */
  readonly rulesSkipped: boolean;
}

/**
 * What a CRD's schema makes of objects of its kind: unknown fields, defaults, types, bounds, rules, in the order of the
 * API server. The object is changed to what would be stored, but for `status`, which goes, and what the server adds to
 * `metadata`. Unknown fields do not hinder the other checks, as the server would have it: all is told at once.
 */
export function validatorOf(schema: StructuralSchema): Validate {
  const rules = compileRules(schema);
  return (object) => {
    object["metadata"] ??= emptyObject();
    const { metadata } = object;
    // Arrays are made of arrays here: hundreds of thousands of errors are more than a call takes arguments.
    const ofNames = [...pruneUnknown(object, schema), ...decodeMetadata(metadata ?? null)];
    applyDefaults(object, schema);
    pruneNulls(object, schema);
    delete object["status"];
    // A metadata that is unreadable is told already.
    const isReadable = !ofNames.some(({ field, reason }) => isMetadata(field) && reason !== "UnknownField");
    const ofMetadata = isObject(metadata) && isReadable ? validateMetadata(metadata) : [];
    const ofSchema = [...validateSchema(object, schema), ...validateListTypes(object, schema)];
    const errors = [...ofNames, ...ofMetadata, ...ofSchema.filter(({ field }) => !isMetadata(field))];
    const rulesSkipped = errors.some(isBlocking);
    return { errors: rulesSkipped ? errors : [...errors, ...evaluateRules(rules, object)], rulesSkipped };
  };
}

/** A key that is there twice, of which kubectl would take the last without a word and the API server none. */
export function duplicateField(path: readonly (string | number)[], key: string): FieldError {
  const hint = `${goQuote(key)} stands above already; keep one of them`;
  return { path, field: fieldOf(path), reason: "DuplicateField", value: undefined, detail: "", hint };
}

function isMetadata(field: string): boolean {
  return field === "metadata" || field.startsWith("metadata.");
}
