import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bundledPackages, packageFolder } from "./packages.ts";
import { thirdPartyLicenses } from "./third-party-licenses.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "packages-"));
});
afterEach(() => rm(root, { recursive: true }));

/** Files of a package under the root. */
async function installed(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(root, folder), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(root, folder, name), content);
}

const manifest = (name: string, version: string, license?: string) =>
  JSON.stringify({ name, version, license });

/** What esbuild says of one output: a path, and how many of its bytes were kept. */
function metafile(kept: Readonly<Record<string, number>>): Metafile {
  const inputs = Object.entries(kept).map(([path, bytesInOutput]) => [join(root, path), { bytesInOutput }]);
  const output = { inputs: Object.fromEntries(inputs), bytes: 0, imports: [], exports: [] };
  return { inputs: {}, outputs: { "dist/a.js": output } };
}

describe("packageFolder", () => {
  it.each([
    ["node_modules/pino/lib/a.js", "node_modules/pino"],
    ["node_modules/@aws-sdk/core/dist/a.js", "node_modules/@aws-sdk/core"],
    ["../x/node_modules/a/node_modules/@b/c/d.js", "../x/node_modules/a/node_modules/@b/c"],
    ["src/cli/main.ts", undefined],
    ["stub:models", undefined],
  ])("of %s is %s", (path, folder) => {
    expect(packageFolder(path)).toBe(folder);
  });
});

describe("bundledPackages", () => {
  it("are those of which bytes were kept, by name and version", async () => {
    await installed("node_modules/b", { "package.json": manifest("b", "1.0.0", "MIT") });
    await installed("node_modules/b/node_modules/a", { "package.json": manifest("a", "2.0.0", "ISC") });
    await installed("node_modules/a", { "package.json": manifest("a", "1.0.0", "MIT") });
    const packages = await bundledPackages(
      metafile({
        "node_modules/b/x.js": 7,
        "node_modules/b/y.js": 3,
        "node_modules/b/node_modules/a/x.js": 5,
        "node_modules/a/x.js": 1,
        "node_modules/dropped/x.js": 0,
        "src/own.ts": 9,
      }),
    );
    expect(packages.map(({ name, version, license }) => `${name} ${version} ${license}`)).toEqual([
      "a 1.0.0 MIT",
      "a 2.0.0 ISC",
      "b 1.0.0 MIT",
    ]);
  });
});

describe("thirdPartyLicenses", () => {
  const licenses = async (...names: readonly string[]) =>
    thirdPartyLicenses(
      await bundledPackages(
        metafile(Object.fromEntries(names.map((name) => [`node_modules/${name}/x.js`, 1]))),
      ),
    );

  it("has each wording once, under all the packages that it belongs to, notices with it", async () => {
    const files = { LICENSE: "Do as you like.\r\n", "NOTICE.txt": "Of A." };
    await installed("node_modules/a", { "package.json": manifest("a", "1.0.0", "MIT"), ...files });
    await installed("node_modules/b", { "package.json": manifest("b", "2.0.0", "MIT"), ...files });
    const text = await licenses("b", "a");
    expect(text.split("Do as you like.\n\nOf A.")).toHaveLength(2);
    expect(text).toContain("a 1.0.0 (MIT)\nb 2.0.0 (MIT)\n");
  });

  it("names the licence of a package that carries no text of it", async () => {
    await installed("node_modules/a", { "package.json": manifest("a", "1.0.0", "ISC") });
    expect(await licenses("a")).toContain("Licensed under ISC");
  });

  it("is refused for a package without any licence", async () => {
    await installed("node_modules/a", { "package.json": manifest("a", "1.0.0") });
    await expect(licenses("a")).rejects.toThrow("a 1.0.0 has neither a licence nor a file with one");
  });
});
