import type { Plugin } from "esbuild";

/**
 * Imports of `node:http` take what they name and no more. Node.js makes a module's exports ES ones by reading each of
 * them, and reading node:http's `WebSocket` loads the whole of Node's own fetch: 11 MiB resident in a process that does
 * nothing else. What is read by getters is not to be had this way.
 */
export const lazyHttp: Plugin = {
  name: "lazy-http",
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?http$/ }, ({ kind }) =>
      kind === "import-statement" || kind === "dynamic-import"
        ? { path: "node:http", namespace: "named", sideEffects: false }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "named" }, () => ({
      contents: `const http = process.getBuiltinModule("node:http");
export default http;
export const { ${names().join(", ")} } = http;`,
    }));
  },
};

/** The module's exports that are plain values, `request` and `Agent` among them. */
function names(): string[] {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(process.getBuiltinModule("node:http")));
  return descriptors.flatMap(([name, { get }]) => (get === undefined ? [name] : [])).sort();
}
