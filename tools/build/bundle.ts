/**
 * The commands as the image and the npm package have them: `awsscan.js`, `kubectl-awsscan.js`, the pieces that they
 * load when they need them, and the licences of all that is in them. No node_modules at run time.
 */
import { chmod, copyFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { bundledPackages } from "./packages.ts";
import { BUNDLE, MIN_NODE, REQUIRE } from "./settings.ts";
import { thirdPartyLicenses } from "./third-party-licenses.ts";

/** Runs before anything else of the bundle, in words that every Node understands. */
const BANNER = `#!/usr/bin/env node
if (Number(process.versions.node.split(".")[0]) < ${MIN_NODE}) {
  console.error("awsscan needs Node.js ${MIN_NODE} or later; this is " + process.version + ".");
  process.exit(1);
}
${REQUIRE}`;

export interface BundleOptions {
  /** Emptied first. */
  readonly outdir: string;
  /** The commit, for build_info. */
  readonly revision: string;
  /** Whether each file gets a map beside it, for those who measure; false by default. */
  readonly sourceMaps?: boolean;
}

/**
 * Bundles the checkout in the working directory. The same sources, packages and revision make the same bytes, wherever
 * the checkout lies. Resolves to esbuild's account of what went where.
 */
export async function buildBundle({
  outdir,
  revision,
  sourceMaps = false,
}: BundleOptions): Promise<Metafile> {
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    ...BUNDLE,
    entryPoints: { awsscan: "src/cli/main.ts", "kubectl-awsscan": "src/cli/kubectl.ts" },
    outdir,
    // What a command does not need it does not parse: help and completion start without the AWS SDK.
    splitting: true,
    chunkNames: "pieces/[name]-[hash]",
    metafile: true,
    sourcemap: sourceMaps && "external",
    banner: { js: BANNER },
    define: { ...BUNDLE.define, AWSSCAN_REVISION: JSON.stringify(revision) },
  });
  // Wherever the folder is copied to, Node must know its files for ES modules.
  await writeFile(join(outdir, "package.json"), '{"type":"module"}\n');
  for (const command of ["awsscan.js", "kubectl-awsscan.js"]) await chmod(join(outdir, command), 0o755);
  await copyFile("LICENSE", join(outdir, "LICENSE"));
  const notices = await thirdPartyLicenses(await bundledPackages(metafile));
  await writeFile(join(outdir, "THIRD-PARTY-LICENSES.txt"), notices);
  return metafile;
}
