import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

const SCHEMAS = /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;
/** A schema: an array literal over several lines, whose closing bracket alone stands at the margin. */
const SCHEMA = /^((?:export )?var \S+ = )(\[[^\n]*\n(?: [^\n]*\n)*\]);$/gm;

/**
 * Lets the bundler drop the schemas of operations that nothing calls. The SDK's generated files write keys of objects
 * as variables, in which esbuild must suspect a side effect; as calls marked pure they have none. Half a megabyte of
 * EC2 stays behind.
 */
export const pruneSchemas: Plugin = {
  name: "prune-schemas",
  setup(build) {
    build.onLoad({ filter: SCHEMAS }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(SCHEMA, "$1/* @__PURE__ */ (() => $2)();"),
      loader: "js",
    }));
  },
};
