/**
 * Strict JSON schemas of Kubernetes' objects, from what an API server publishes and from CRDs; pure. Strict: a field
 * that the type does not have is refused, wherever the type does not allow any (openapi2jsonschema's `--strict`).
 */

/** A JSON schema, or what OpenAPI 2 and CRDs have in its place. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

/** A file of kubeconform's folder. */
export interface SchemaFile {
  readonly name: string;
  readonly schema: Schema;
}

/** Of an API server's `/openapi/v2`, what we use. */
export interface OpenApi {
  readonly definitions: Readonly<Record<string, Schema>>;
}

/** Of a CRD, what we use. */
export interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const DEFINITIONS = "definitions.json";
const QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/** Types built into the API server: their definitions in one file, and one that refers to it for each kind. */
export function builtInSchemas({ definitions }: OpenApi): readonly SchemaFile[] {
  // Those of CRDs lost much of what they demand on their way into OpenAPI 2.
  const builtIn = Object.entries(definitions).filter(([name]) => name.startsWith("io.k8s."));
  const strictly = Object.fromEntries(
    builtIn.map(([name, schema]) => [
      name,
      name === QUANTITY ? { type: ["string", "number"] } : strict(schema),
    ]),
  );
  const kinds = builtIn.flatMap(([name, schema]) =>
    ((schema["x-kubernetes-group-version-kind"] as GroupVersionKind[] | undefined) ?? []).map((of) => ({
      name: fileName(of),
      schema: { $ref: `${DEFINITIONS}#/definitions/${name}` },
    })),
  );
  return [{ name: DEFINITIONS, schema: { definitions: strictly } }, ...kinds];
}

/** Types of a CRD. Their metadata is what every object's is; {@link builtInSchemas} must lie in the same folder. */
export function crdSchemas({ spec: { group, names, versions } }: Crd): readonly SchemaFile[] {
  return versions.map(({ name: version, schema: { openAPIV3Schema } }) => {
    const schema = strict(openAPIV3Schema);
    const properties = {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      ...(schema["properties"] as object | undefined),
      metadata: { $ref: `${DEFINITIONS}#/definitions/${OBJECT_META}` },
    };
    return { name: fileName({ group, version, kind: names.kind }), schema: { ...schema, properties } };
  });
}

/** As kubeconform's `{{ .ResourceKind }}{{ .KindSuffix }}` names it: of a group, its first part. */
function fileName({ group, version, kind }: GroupVersionKind): string {
  const parts = [kind, ...(group === "" ? [] : [group.split(".")[0]]), version];
  return `${parts.join("-").toLowerCase()}.json`;
}

function strict(schema: Schema): Schema {
  if (schema["x-kubernetes-int-or-string"] === true || schema["format"] === "int-or-string") {
    return { type: ["integer", "string"] };
  }
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) result[keyword] = strictKeyword(keyword, value);
  const isOpen = schema["x-kubernetes-preserve-unknown-fields"] === true || "additionalProperties" in schema;
  if ("properties" in schema && !isOpen) result["additionalProperties"] = false;
  return result;
}

function strictKeyword(keyword: string, value: unknown): unknown {
  switch (keyword) {
    case "properties":
      return Object.fromEntries(Object.entries(value as object).map(([name, of]) => [name, strict(of)]));
    case "items":
      return strict(value as Schema);
    case "additionalProperties":
      return typeof value === "boolean" ? value : strict(value as Schema);
    // allOf, anyOf and oneOf judge a value that is closed around them already.
    case "$ref":
      return `${DEFINITIONS}${value}`;
    default:
      return value;
  }
}
