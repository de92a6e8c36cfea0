import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { builtInSchemas, type Crd, crdSchemas, type OpenApi } from "./schemas.ts";

/**
 * Fills the folder with what {@link kubeconform} takes: the types of an API server, by its `/openapi/v2`, and those of
 * the CRDs in other folders.
 */
export async function writeSchemas(
  folder: string,
  openApi: OpenApi,
  crdFolders: readonly string[],
): Promise<void> {
  const crds = (await Promise.all(crdFolders.map(crdsIn))).flat();
  for (const { name, schema } of [...builtInSchemas(openApi), ...crds.flatMap(crdSchemas)]) {
    await writeFile(join(folder, name), JSON.stringify(schema));
  }
}

async function crdsIn(folder: string): Promise<Crd[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".yaml"));
  return Promise.all(files.map(async (name) => parse(await readFile(join(folder, name), "utf8")) as Crd));
}
