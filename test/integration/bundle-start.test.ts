/** What the operator's process reads before it does anything: all of it stays in memory for as long as it runs. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildBundle } from "../../tools/build/bundle.ts";
import { packageFolder } from "../../tools/build/packages.ts";

/** In bytes, minified. It was 2.31 MB before `tools/build/lean-libraries.ts`, and 1.45 MB with it. */
const CEILING = 1_600_000;

let folder: string;
let outputs: Metafile["outputs"];
/** The files that are loaded by static imports of the command's entry and of what `awsscan operator` imports. */
let loaded: ReadonlySet<string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bundle-start-"));
  ({ outputs } = await buildBundle({ outdir: folder, revision: "test" }));
  loaded = closure(["src/cli/main.ts", "src/cli/run-operator.ts"]);
});
afterAll(() => rm(folder, { recursive: true }));

describe("the start of the operator", () => {
  it("reads no more code than it did", () => {
    const bytes = [...loaded].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
    expect(bytes).toBeLessThan(CEILING);
  });

  it.each([
    "src/cli/plan",
    "src/cli/scan",
    "src/formats/registry",
    "src/iam",
    "src/manifest",
    "src/profiling",
    "src/tracing/sdk",
  ])("reads nothing of %s", (path) => {
    expect(inputs().filter((input) => input.startsWith(path))).toEqual([]);
  });

  it.each([
    "@marcbachmann/cel-js",
    "@opentelemetry/sdk-trace",
    "ajv",
    "asn1js",
    "socks",
    "string-width",
    "yaml",
  ])("reads nothing of the package %s", (name) => {
    const folders = new Set(inputs().map(packageFolder));
    expect(folders).not.toContain(`node_modules/${name}`);
    // The look would find it where it is.
    expect(folders).toContain("node_modules/undici");
  });

  it("reads of undici what carries requests alone", () => {
    expect(inputs().filter((path) => /\/undici\/lib\/(?:cache|interceptor|milo|mock)\//.test(path))).toEqual(
      [],
    );
  });

  it("imports node:http nowhere: that would load Node's own fetch", () => {
    const external = Object.values(outputs).flatMap(({ imports }) => imports.filter((one) => one.external));
    const importing = external.filter(
      ({ path, kind }) => /^(?:node:)?http$/.test(path) && kind !== "require-call",
    );
    expect(importing).toEqual([]);
    expect(external.map(({ path }) => path)).toContain("node:https");
  });
});

function inputs(): string[] {
  return [...loaded].flatMap((path) =>
    Object.entries(outputs[path]?.inputs ?? {}).flatMap(([input, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [input] : [],
    ),
  );
}

function closure(entryPoints: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const reach = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const { path: next, kind, external } of outputs[path]?.imports ?? []) {
      if (kind === "import-statement" && external !== true) reach(next);
    }
  };
  for (const entryPoint of entryPoints) {
    const [path] = Object.entries(outputs).find(([, output]) => output.entryPoint === entryPoint) ?? [];
    if (path === undefined) throw new Error(`${entryPoint} is no piece of the bundle`);
    reach(path);
  }
  return reached;
}
