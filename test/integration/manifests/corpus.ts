/**
 * Manifests of AwsAccountScans that the CRD accepts (`good/`) and refuses (`bad/`). A bad one begins with a line
 * `# expect: …` for each part of the refusal that a user needs: the field, the value, the mend.
 */
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** A manifest and what a refusal of it must say; nothing where it is to be accepted. */
export interface Manifest {
  /** The file's name, without extension. */
  readonly name: string;
  readonly yaml: string;
  readonly expected: readonly string[];
}

const EXPECTED = /^# expect: (.+)$/gm;

/** Every manifest of a folder beside this file, by name. Throws where a bad one does not say what it expects. */
export async function readCorpus(folder: "good" | "bad"): Promise<Manifest[]> {
  const manifests = await readManifests(new URL(`${folder}/`, import.meta.url));
  for (const { name, expected } of manifests) {
    if ((folder === "bad") !== expected.length > 0)
      throw new Error(`${folder}/${name}: wrong number of expectations`);
  }
  return manifests;
}

/** Every manifest of any folder, by name. */
export async function readManifests(folder: URL): Promise<Manifest[]> {
  const files = (await readdir(fileURLToPath(folder))).filter((file) => file.endsWith(".yaml")).sort();
  return Promise.all(
    files.map(async (file) => {
      const yaml = await readFile(fileURLToPath(new URL(file, folder)), "utf8");
      const expected = [...yaml.matchAll(EXPECTED)].map(([, text = ""]) => text);
      return { name: file.replace(/\.yaml$/, ""), yaml, expected };
    }),
  );
}
