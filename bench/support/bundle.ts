import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** CommonJS packages within an ES module ask for `require`. */
const BANNER = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);`;

/** Bundles one of the benchmarks' files into one minified file, with the same settings as the product's. */
export async function bundle(entry: URL, outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    minify: true,
    keepNames: true,
    legalComments: "none",
    banner: { js: BANNER },
    logLevel: "warning",
  });
}
