import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const FOLDER = new URL("../../deploy/crds/", import.meta.url);

/** A schema as a CRD holds it: OpenAPI v3 without `$ref`, the part that becomes types. */
export interface CrdSchema {
  readonly type?: "object" | "array" | "string" | "integer" | "boolean";
  readonly description?: string;
  readonly properties?: Readonly<Record<string, CrdSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: CrdSchema;
  readonly items?: CrdSchema;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly nullable?: boolean;
}

/** What types are made from. */
export interface Crd {
  readonly kind: string;
  /** The file in `deploy/crds/`. */
  readonly file: string;
  readonly schema: CrdSchema;
}

interface CrdFile {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: CrdSchema } }[];
  };
}

/** Reads a CRD of `deploy/crds/`. Throws where it has not exactly one version: two would need two sets of types. */
export async function readCrd(file: string): Promise<Crd> {
  const { spec } = parse(await readFile(fileURLToPath(new URL(file, FOLDER)), "utf8")) as CrdFile;
  const [version, another] = spec.versions;
  if (version === undefined || another !== undefined) {
    throw new Error(`deploy/crds/${file} has ${spec.versions.length} versions; types are generated from one`);
  }
  return { kind: spec.names.kind, file, schema: version.schema.openAPIV3Schema };
}

/**
 * The schema at a path of property names from the root, `spec.accounts[]` for the items of a list.
 * @throws {Error} where the schema has no such field.
 */
export function schemaAt({ schema, file }: Crd, path: string): CrdSchema {
  let found: CrdSchema | undefined = schema;
  for (const step of path.split(".")) {
    const field: CrdSchema | undefined = found?.properties?.[step.replace(/\[\]$/, "")];
    found = step.endsWith("[]") ? field?.items : field;
  }
  if (found === undefined) throw new Error(`deploy/crds/${file} has no field ${path}`);
  return found;
}
