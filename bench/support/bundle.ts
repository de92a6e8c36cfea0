import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { BUNDLE, REQUIRE } from "../../tools/build/settings.ts";

/** Bundles one of the benchmarks' files into one minified file, with the product's settings. */
export async function bundle(entry: URL, outfile: string): Promise<void> {
  await build({ ...BUNDLE, entryPoints: [fileURLToPath(entry)], outfile, banner: { js: REQUIRE } });
}

/** As {@link bundle}, into a folder of pieces that are loaded when they are needed, as the product's are. */
export async function bundleInPieces(
  entry: URL,
  outdir: string,
  plugins: readonly Plugin[] = [],
): Promise<void> {
  await build({
    ...BUNDLE,
    plugins: [...BUNDLE.plugins, ...plugins],
    entryPoints: [fileURLToPath(entry)],
    outdir,
    outExtension: { ".js": ".mjs" },
    splitting: true,
    banner: { js: REQUIRE },
  });
}
