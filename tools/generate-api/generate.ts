import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { compile, type JSONSchema, type Options } from "json-schema-to-typescript";
import { type Crd, type CrdSchema, readCrd, schemaAt } from "./crd.ts";
import { toJsonSchema } from "./json-schema.ts";
import { OBJECT_META } from "./object-meta.ts";
import { schemaModule } from "./schema-module.ts";
import { MODULES, type TypesModule } from "./types.ts";

const FOLDER = new URL("../../src/api/generated/", import.meta.url);

/** A generated module. */
export interface Generated {
  /** Absolute. */
  readonly path: string;
  readonly source: string;
}

const OPTIONS: Partial<Options> = {
  bannerComment: "",
  format: true,
  // A tuple for every possible length is of no use where the API server has counted already.
  ignoreMinAndMaxItems: true,
  style: { printWidth: 110 },
};

/** Generates every module of types, and of schemas, from the CRDs; writes nothing. */
export async function generateAll(): Promise<Generated[]> {
  const modules = await Promise.all(
    MODULES.map(async (module) => [await generate(module), await schemaOf(module)]),
  );
  return modules.flat().filter((generated) => generated !== undefined);
}

async function schemaOf({ crd, schemaFile }: TypesModule): Promise<Generated | undefined> {
  if (schemaFile === undefined) return undefined;
  const { schema } = await readCrd(crd);
  return { path: fileURLToPath(new URL(schemaFile, FOLDER)), source: schemaModule(schema) };
}

/** The generated modules that are not in `src/api/generated/` exactly as they would be now. */
export async function outdated(): Promise<Generated[]> {
  const differs = await Promise.all(
    (await generateAll()).map(async (module) => ({
      module,
      same: (await read(module.path)) === module.source,
    })),
  );
  return differs.filter(({ same }) => !same).map(({ module }) => module);
}

async function generate(module: TypesModule): Promise<Generated> {
  const crd = await readCrd(module.crd);
  const nameOf = (path: string) => (path === "metadata" ? "ObjectMeta" : module.names[path]);
  const sources = [header(module), await compileType(crd.kind, toJsonSchema(rootOf(crd), "", nameOf))];
  for (const [name, { schema, path }] of namedTypes(crd, module)) {
    sources.push(await compileType(name, toJsonSchema(schema, path, nameOf)));
  }
  sources.push(
    await compileType(
      "ObjectMeta",
      toJsonSchema(OBJECT_META, "metadata", () => undefined),
    ),
  );
  return { path: fileURLToPath(new URL(module.file, FOLDER)), source: sources.join("\n") };
}

/** The object as the API server returns it. */
function rootOf({ schema }: Crd): CrdSchema {
  return { ...schema, required: [...(schema.required ?? []), "metadata"] };
}

function namedTypes(crd: Crd, { names }: TypesModule): Map<string, { schema: CrdSchema; path: string }> {
  const types = new Map<string, { schema: CrdSchema; path: string }>();
  for (const [path, name] of Object.entries(names)) {
    const schema = schemaAt(crd, path);
    const known = types.get(name);
    if (known !== undefined && !isDeepStrictEqual(known.schema, schema)) {
      throw new Error(`${crd.file}: ${known.path} and ${path} differ, and cannot both be ${name}`);
    }
    types.set(name, { schema, path });
  }
  return types;
}

function compileType(name: string, schema: JSONSchema): Promise<string> {
  return compile(schema, name, OPTIONS);
}

function header({ crd }: TypesModule): string {
  return `/**
 * Generated from deploy/crds/${crd} by \`npm run generate\`; edit that file instead.
 * Times are RFC 3339. Fields with a default are optional: objects written before the default existed lack them.
 */
`;
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
