/** How everything that runs as one file is bundled: the command, and what benchmarks measure in its stead. */
import type { BuildOptions } from "esbuild";
import packageJson from "../../package.json" with { type: "json" };
import { lazyHttp } from "./lazy-http.ts";
import { leanLibraries } from "./lean-libraries.ts";
import { pruneSchemas } from "./prune-schemas.ts";

/** The oldest major version of Node.js that runs the bundle. */
export const MIN_NODE = Number.parseInt(packageJson.engines.node.replace(/\D+/, ""), 10);

/** CommonJS packages within an ES module ask for `require`. */
export const REQUIRE = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);`;

export const BUNDLE = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: `node${MIN_NODE}`,
  minify: true,
  // The SDK's ES modules, of which only what is used comes along: its CommonJS builds are one piece, every command of
  // EC2 and SageMaker in it.
  mainFields: ["module", "main"],
  // The names of pieces hang on the paths of what is in them: where a node_modules that is a link leads must not matter.
  preserveSymlinks: true,
  plugins: [pruneSchemas, leanLibraries, lazyHttp],
  // Undici's own word for builds without its experimental parser.
  define: { esbuildDetection: "1" },
  // Names of classes are names of errors in logs and messages.
  keepNames: true,
  sourcemap: false,
  legalComments: "none",
  logLevel: "warning",
} as const satisfies BuildOptions;
