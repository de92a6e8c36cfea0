/**
 * Bundles the commands into `dist`: `awsscan.js`, `kubectl-awsscan.js`, and the pieces that they load when they need
 * them. No node_modules at run time.
 */
import { execFileSync } from "node:child_process";
import { chmod, rm, writeFile } from "node:fs/promises";
import { build, type Plugin } from "esbuild";
import { BUNDLE, MIN_NODE, REQUIRE } from "./settings.ts";

/** Runs before anything else of the bundle, in words that every Node understands. */
const BANNER = `#!/usr/bin/env node
if (Number(process.versions.node.split(".")[0]) < ${MIN_NODE}) {
  console.error("awsscan needs Node.js ${MIN_NODE} or later; this is " + process.version + ".");
  process.exit(1);
}
${REQUIRE}`;

/**
 * client-node's KubeConfig imports the thousands of generated models for `makeApiClient` alone, which we never call:
 * a third of a megabyte to parse at every start.
 */
const withoutGeneratedModels: Plugin = {
  name: "without-generated-models",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/gen\/index\.js$/ }, ({ importer }) =>
      importer.includes("@kubernetes/client-node") ? { path: "models", namespace: "stub" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "stub" }, () => ({
      contents: "export const createConfiguration = undefined, ServerConfiguration = undefined;",
    }));
  },
};

await rm("dist", { recursive: true, force: true });
const result = await build({
  ...BUNDLE,
  entryPoints: { awsscan: "src/cli/main.ts", "kubectl-awsscan": "src/cli/kubectl.ts" },
  outdir: "dist",
  // What a command does not need it does not parse: help and completion start without the AWS SDK.
  splitting: true,
  chunkNames: "pieces/[name]-[hash]",
  metafile: true,
  plugins: [...BUNDLE.plugins, withoutGeneratedModels],
  banner: { js: BANNER },
  define: { AWSSCAN_REVISION: JSON.stringify(revision()) },
});

// Wherever the folder is copied to, Node must know its files for ES modules.
await writeFile("dist/package.json", '{"type":"module"}\n');
for (const command of ["dist/awsscan.js", "dist/kubectl-awsscan.js"]) await chmod(command, 0o755);

const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`dist ${(bytes / 1024 / 1024).toFixed(1)} MB`);

/** The commit that is built, for build_info; unknown outside a checkout. */
function revision(): string {
  if (process.env["AWSSCAN_REVISION"]) return process.env["AWSSCAN_REVISION"];
  try {
    return execFileSync("git", ["rev-parse", "--short=12", "HEAD"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "unknown";
  }
}
