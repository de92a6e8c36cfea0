import { type FieldError, fieldOf, goQuote, printed, type Reason } from "./field-error.ts";
import { FORMATS } from "./formats.ts";
import { regExpOf } from "./re2.ts";
import { fieldSchema, type StructuralSchema } from "./schema.ts";
import { isObject, type Json, type Path } from "./yaml/json.ts";

/**
 * What of a value the schema forbids, in the words and with the oddities of the API server: every check that is of the
 * value's own type is made, whatever the schema's type.
 * https://github.com/kubernetes/kube-openapi/tree/43fb72c5454a/pkg/validation/validate
 */
export function validateSchema(value: Json, schema: StructuralSchema, path: Path = []): FieldError[] {
  const at = `${fieldOf(path)} in body`;
  const errors: FieldError[] = [];
  const add = (reason: Reason, value: string | undefined, detail: string, where = path) =>
    errors.push({ path: where, field: fieldOf(where), reason, value, detail });

  // One by one: a list of a million wrong items has more errors than a call takes arguments.
  const addAll = (more: readonly FieldError[]) => {
    for (const error of more) errors.push(error);
  };

  checkType();
  if (typeof value === "string") checkString(value);
  if (typeof value === "number") checkNumber(value);
  if (Array.isArray(value)) checkList(value);
  if (isObject(value)) checkObject(value);
  if (schema.enum !== undefined && !schema.enum.some((allowed) => allowed === value)) {
    add("FieldValueNotSupported", printed(value), `supported values: ${schema.enum.map(goQuote).join(", ")}`);
  }
  return errors;

  function checkType(): void {
    const { type, format, nullable } = schema;
    if (type === undefined) return;
    const given = typeOf(value);
    if (given === "null") {
      if (nullable !== true) add("FieldValueTypeInvalid", '"null"', `${at} must be of type ${type}: "null"`);
      return;
    }
    const isFormatted = format !== undefined && (type !== "string" || FORMATS.has(format));
    // A string of a format is checked by its format; a list in its place is not checked by anything.
    if (isFormatted && type === "string" && (given === "string" || given === "array")) return;
    if (given === type || (given === "integer" && type === "number")) return;
    if (given === "number" && type === "integer" && Number.isSafeInteger(value)) return;
    const wanted = isFormatted && given !== "string" && given !== "array" ? format : type;
    const told = isFormatted && given !== "string" && given !== "array" ? formatOf(given) : given;
    add("FieldValueTypeInvalid", goQuote(told), `${at} must be of type ${wanted}: ${goQuote(told)}`);
  }

  function checkString(text: string): void {
    const { minLength, maxLength, pattern, format } = schema;
    const length = minLength === undefined && maxLength === undefined ? 0 : [...text].length;
    if (maxLength !== undefined && length > maxLength) {
      add(
        "FieldValueTooLong",
        undefined,
        `may not be more than ${maxLength} byte${maxLength === 1 ? "" : "s"}`,
      );
    } else if (minLength !== undefined && length < minLength) {
      add("FieldValueInvalid", printed(text), `${at} should be at least ${minLength} chars long`);
    } else if (pattern !== undefined && !regExpOf(pattern).test(text)) {
      add("FieldValueInvalid", printed(text), `${at} should match '${pattern}'`);
    }
    if (format !== undefined && FORMATS.get(format)?.(text) === false) {
      add("FieldValueTypeInvalid", printed(text), `${at} must be of type ${format}: ${goQuote(text)}`);
    }
  }

  function checkNumber(number: number): void {
    const { minimum, maximum } = schema;
    if (minimum !== undefined && number < minimum) {
      add("FieldValueInvalid", printed(number), `${at} should be greater than or equal to ${minimum}`);
    }
    if (maximum !== undefined && number > maximum) {
      add("FieldValueInvalid", printed(number), `${at} should be less than or equal to ${maximum}`);
    }
  }

  function checkList(items: Json[]): void {
    const { items: each, minItems, maxItems } = schema;
    if (each !== undefined) {
      for (const [index, item] of items.entries()) addAll(validateSchema(item, each, [...path, index]));
    }
    if (minItems !== undefined && items.length < minItems) {
      add("FieldValueInvalid", String(items.length), `${at} should have at least ${minItems} items`);
    }
    if (maxItems !== undefined) tooMany(items.length, maxItems);
  }

  function checkObject(object: Readonly<Record<string, Json>>): void {
    const { minProperties, maxProperties, required = [] } = schema;
    const keys = Object.keys(object);
    if (minProperties !== undefined && keys.length < minProperties) {
      add("FieldValueInvalid", String(keys.length), `${at} should have at least ${minProperties} properties`);
    }
    if (maxProperties !== undefined) tooMany(keys.length, maxProperties);
    for (const [key, child] of Object.entries(object)) {
      const { field } = fieldSchema(schema, key);
      if (field !== undefined) addAll(validateSchema(child, field, [...path, key]));
    }
    for (const name of required) {
      if (object[name] === undefined) add("FieldValueRequired", undefined, "", [...path, name]);
    }
  }

  function tooMany(count: number, most: number): void {
    if (count > most)
      add("FieldValueTooMany", String(count), `must have at most ${most} item${most === 1 ? "" : "s"}`);
  }
}

/** The errors after which the API server evaluates no rules, since these could fail on what the schema forbids. */
const BLOCKING: ReadonlySet<Reason> = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

export function isBlocking({ reason }: FieldError): boolean {
  return BLOCKING.has(reason);
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  // Go reads what an int64 cannot hold as a float.
  if (typeof value === "number")
    return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? "integer" : "number";
  return typeof value;
}

/** The format that Go's validator sees in a value. */
function formatOf(type: string): string {
  if (type === "integer") return "int64";
  return type === "number" ? "double" : "";
}
