/** `metadata`, which the API server validates by rules of its own rather than by the CRD. */
import { type FieldError, goQuote, printed, type Reason, within } from "./field-error.ts";
import { unknownField } from "./prune.ts";
import { fieldSchema, type StructuralSchema } from "./schema.ts";
import { isObject, type Json, type JsonObject, type Path } from "./yaml/json.ts";

const text: StructuralSchema = { type: "string" };
const flag: StructuralSchema = { type: "boolean" };
const number: StructuralSchema = { type: "integer" };
const texts: StructuralSchema = { type: "object", additionalProperties: text };
const anything: StructuralSchema = {};
const list = (items: StructuralSchema): StructuralSchema => ({ type: "array", items });

/**
 * The types of metav1.ObjectMeta; null is no value to any of them.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
 */
const OBJECT_META: StructuralSchema = {
  type: "object",
  properties: {
    name: text,
    generateName: text,
    namespace: text,
    selfLink: text,
    uid: text,
    resourceVersion: text,
    generation: number,
    creationTimestamp: text,
    deletionTimestamp: text,
    deletionGracePeriodSeconds: number,
    labels: texts,
    annotations: texts,
    ownerReferences: list({
      type: "object",
      properties: {
        apiVersion: text,
        kind: text,
        name: text,
        uid: text,
        controller: flag,
        blockOwnerDeletion: flag,
      },
    }),
    finalizers: list(text),
    managedFields: list({
      type: "object",
      properties: {
        manager: text,
        operation: text,
        apiVersion: text,
        time: text,
        fieldsType: text,
        fieldsV1: anything,
        subresource: text,
      },
    }),
  },
};

/** Fields of `metadata` that are unknown, or whose values are of another type and make it unreadable as a whole. */
export function decodeMetadata(metadata: Json): FieldError[] {
  const errors: FieldError[] = [];
  decode(metadata, OBJECT_META, ["metadata"], "metadata");
  return errors;

  function decode(value: Json, schema: StructuralSchema, path: Path, at: string): void {
    const { type } = schema;
    if (value === null || type === undefined) return;
    const given = Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
    if (given !== type) {
      const detail = `must be of type ${type}: ${goQuote(given)}`;
      errors.push({ path, field: at, reason: "FieldValueTypeInvalid", value: goQuote(given), detail });
    } else if (Array.isArray(value)) {
      const { items = anything } = schema;
      for (const [index, item] of value.entries()) decode(item, items, [...path, index], within(at, index));
    } else if (isObject(value)) {
      for (const [key, child] of Object.entries(value)) {
        const { field } = fieldSchema(schema, key);
        if (field === undefined)
          errors.push(unknownField([...path, key], Object.keys(schema.properties ?? {})));
        else decode(child, field, [...path, key], within(at, key));
      }
    }
  }
}

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const SUBDOMAIN_WORDS =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const LABEL_WORDS =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const NAME_WORDS =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const LABEL_VALUE_WORDS = `a valid label must be an empty string or ${NAME_WORDS.replace("must consist", "consist")}`;
const MAX_ANNOTATION_BYTES = 256 * 1024;

/**
 * What is wrong with a readable `metadata`. A namespace may be missing: kubectl gives its own. What only a cluster can
 * tell is not told: whether the namespace exists, and what admission says.
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/api/validation/objectmeta.go
 */
export function validateMetadata(metadata: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  const add = (
    name: string,
    value: Json,
    details: readonly string[],
    reason: Reason = "FieldValueInvalid",
  ) => {
    for (const detail of details) {
      const printedValue = reason === "FieldValueInvalid" ? printed(value) : undefined;
      errors.push({
        path: ["metadata", name],
        field: `metadata.${name}`,
        reason,
        value: printedValue,
        detail,
      });
    }
  };
  const { name, generateName, namespace, generation, labels, annotations, finalizers, ownerReferences } =
    metadata;
  if (isText(generateName)) {
    const ofPrefix = subdomain(withoutTrailingDash(generateName), "characters");
    // A prefix that passes may still make no name: what Go takes off may have been what is wrong.
    const ofName = isText(name) ? [] : subdomain(generatedName(generateName), "characters");
    add("generateName", generateName, ofPrefix.length > 0 ? ofPrefix : ofName);
  }
  if (isText(name)) add("name", name, subdomain(name, "characters"));
  else if (!isText(generateName))
    add("name", null, ["name or generateName is required"], "FieldValueRequired");
  if (isText(namespace)) add("namespace", namespace, dnsLabel(namespace));
  if (typeof generation === "number" && generation < 0) {
    add("generation", generation, ["must be greater than or equal to 0"]);
  }
  for (const [key, value] of entries(labels)) {
    add("labels", key, qualifiedName(key));
    add("labels", value, labelValue(String(value ?? "")));
  }
  for (const [key] of entries(annotations)) add("annotations", key, qualifiedName(key.toLowerCase()));
  const size = entries(annotations).reduce(
    (sum, [key, value]) => sum + bytes(key) + bytes(String(value ?? "")),
    0,
  );
  if (size > MAX_ANNOTATION_BYTES) {
    add("annotations", null, [`may not be more than ${MAX_ANNOTATION_BYTES} bytes`], "FieldValueTooLong");
  }
  for (const finalizer of Array.isArray(finalizers) ? finalizers : []) {
    add("finalizers", finalizer, qualifiedName(String(finalizer ?? "")));
  }
  for (const owner of Array.isArray(ownerReferences) ? ownerReferences : []) {
    const reference = isObject(owner) ? owner : {};
    const missing = ["apiVersion", "kind", "name", "uid"].filter((key) => !isText(reference[key]));
    for (const key of missing) {
      const detail = key === "apiVersion" ? "version must not be empty" : "must not be empty";
      const at = { path: ["metadata", "ownerReferences"], field: `metadata.ownerReferences.${key}` };
      errors.push({ ...at, reason: "FieldValueInvalid", value: '""', detail });
    }
  }
  return errors;
}

function isText(value: Json | undefined): value is string {
  return typeof value === "string" && value !== "";
}

function entries(value: Json | undefined): [string, Json][] {
  return isObject(value) ? Object.entries(value) : [];
}

/** A generated name may end in a dash, since more follows. Go takes off one character too many, and so do we. */
function withoutTrailingDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith("-") ? `${prefix.slice(0, -2)}a` : prefix;
}

/** A name that the API server could make of a prefix: it cuts it to 58 characters, and adds five. */
function generatedName(prefix: string): string {
  return `${prefix.slice(0, 58)}aaaaa`;
}

/** Kubernetes counts bytes everywhere, and calls them characters in names. */
type Unit = "bytes" | "characters";

function subdomain(value: string, unit: Unit): string[] {
  const words = regexWords(SUBDOMAIN_WORDS, SUBDOMAIN, "example.com");
  return [...tooLong(value, 253, unit), ...(isSubdomain(value) ? [] : [words])];
}

function dnsLabel(value: string): string[] {
  if (matches(LABEL, value)) return tooLong(value, 63, "characters");
  const words = isSubdomain(value)
    ? "must not contain dots"
    : regexWords(LABEL_WORDS, LABEL, "my-name", "123-abc");
  return [...tooLong(value, 63, "characters"), words];
}

function qualifiedName(value: string): string[] {
  const parts = value.split("/");
  const words = regexWords(NAME_WORDS, NAME, "MyName", "my.name", "123-abc");
  if (parts.length > 2) {
    return [
      `a valid label key ${words} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts.at(-1) ?? "";
  const prefix = parts.length === 2 ? parts[0] : undefined;
  const ofPrefix =
    prefix === undefined ? [] : prefix === "" ? ["must be non-empty"] : subdomain(prefix, "bytes");
  const ofName = name === "" ? ["must be non-empty"] : tooLong(name, 63, "bytes");
  return [
    ...ofPrefix.map((detail) => `prefix part ${detail}`),
    ...[...ofName, ...(matches(NAME, name) ? [] : [words])].map((detail) => `name part ${detail}`),
  ];
}

function labelValue(value: string): string[] {
  const words = regexWords(LABEL_VALUE_WORDS, `(${NAME})?`, "MyValue", "my_value", "12345");
  return [...tooLong(value, 63, "bytes"), ...(value === "" || matches(NAME, value) ? [] : [words])];
}

function tooLong(value: string, most: number, unit: Unit): string[] {
  return bytes(value) > most ? [`must be no more than ${most} ${unit}`] : [];
}

/** Label by label: on megabytes of them the whole expression runs out of stack. */
function isSubdomain(value: string): boolean {
  return value.split(".").every((label) => matches(LABEL, label));
}

function matches(pattern: string, value: string): boolean {
  return new RegExp(`^${pattern}$`).test(value);
}

function regexWords(words: string, pattern: string, ...examples: string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(" or ");
  return `${words} (e.g. ${shown}regex used for validation is '${pattern}')`;
}

function bytes(value: string): number {
  return Buffer.byteLength(value);
}
