/** What an API server with our CRDs can have stored, however it came about. */
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { applyDefaults } from "../../src/manifest/defaults.ts";
import { pruneNulls, pruneUnknown } from "../../src/manifest/prune.ts";
import type { StructuralSchema } from "../../src/manifest/schema.ts";
import { validateSchema } from "../../src/manifest/validate-schema.ts";
import type { Json } from "./mutations.ts";

/** The schema of one of our CRDs. */
export async function storedSchema(
  plural: "awsaccountscans" | "awsaccountscanreports",
): Promise<StructuralSchema> {
  const text = await readFile(`deploy/crds/${plural}.awsaccountscan.dev.yaml`, "utf8");
  const { spec } = parse(text) as {
    spec: { versions: { schema: { openAPIV3Schema: StructuralSchema } }[] };
  };
  const [version] = spec.versions;
  if (version === undefined) throw new Error(`${plural} have no version`);
  return version.schema.openAPIV3Schema;
}

/** `object` as it is handed out; undefined where it cannot have been taken. */
export function stored(object: Json, schema: StructuralSchema): Json | undefined {
  const copy = structuredClone(object);
  pruneUnknown(copy, schema);
  applyDefaults(copy, schema);
  pruneNulls(copy, schema);
  return validateSchema(copy, schema).length === 0 ? copy : undefined;
}
