import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { BUNDLE, REQUIRE } from "../../tools/build/settings.ts";

/** Bundles one of the benchmarks' files into one minified file, with the product's settings. */
export async function bundle(entry: URL, outfile: string): Promise<void> {
  await build({ ...BUNDLE, entryPoints: [fileURLToPath(entry)], outfile, banner: { js: REQUIRE } });
}
