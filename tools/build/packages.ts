/** Which packages of npm the bundle holds code of. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Metafile } from "esbuild";

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As package.json says it, an SPDX expression; undefined where it says none. */
  readonly license: string | undefined;
  /** Where it lies. */
  readonly folder: string;
}

/** The longest prefix that ends in a package's name: packages lie within packages. */
const PACKAGE_FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The folder of the package that a file belongs to; undefined for one of our own. */
export function packageFolder(path: string): string | undefined {
  return PACKAGE_FOLDER.exec(path)?.[0];
}

/** Every package with code in an output, by name and version; files of which nothing was kept do not count. */
export async function bundledPackages(metafile: Metafile): Promise<BundledPackage[]> {
  const folders = new Set<string>();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = packageFolder(path);
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  const packages = await Promise.all([...folders].map(readPackage));
  return packages.sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

async function readPackage(folder: string): Promise<BundledPackage> {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, "package.json"), "utf8"),
  ) as BundledPackage;
  return { name, version, license, folder };
}

/** By code units: a language's order would differ between machines. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
