import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GoModuleFiles, goModuleFiles } from "./go-module.ts";

const files: GoModuleFiles = {
  tool: "things",
  module: "example.com/things",
  version: "v1.2.3",
  paths: ["crds", "docs/one.yaml"],
  what: "CRDs",
};
let folder: string;
let path: string | undefined;
let options: { readonly env: NodeJS.ProcessEnv; readonly tell: () => void };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "go-module-"));
  options = { env: { AWSSCAN_CACHE_DIR: join(folder, "cache") }, tell: () => undefined };
  const module = join(folder, "module");
  await mkdir(join(folder, "bin"));
  await mkdir(join(module, "crds"), { recursive: true });
  await mkdir(join(module, "docs"));
  for (const file of ["crds/a.yaml", "crds/b.yaml", "docs/one.yaml", "docs/two.yaml"]) {
    await writeFile(join(module, file), file);
  }
  // The program is looked for in this process' own PATH.
  path = process.env["PATH"];
  process.env["PATH"] = join(folder, "bin");
});
afterEach(async () => {
  process.env["PATH"] = path;
  await rm(folder, { recursive: true });
});

/** A Go toolchain that counts its downloads and answers as `go mod download -json` does. */
async function withGo(script = `echo '{ "Dir": "${join(folder, "module")}" }'`): Promise<void> {
  const go = join(folder, "bin", "go");
  await writeFile(go, `#!/bin/sh\necho x >> "${folder}/downloads"\n${script}\n`);
  await chmod(go, 0o755);
}

describe("goModuleFiles", () => {
  it("lays the files beside each other, and asks the proxy once", async () => {
    await withGo();
    const place = await goModuleFiles(files, options);
    expect((await readdir(place)).sort()).toEqual(["a.yaml", "b.yaml", "one.yaml"]);
    expect(await readFile(join(place, "one.yaml"), "utf8")).toBe("docs/one.yaml");
    expect(await goModuleFiles(files, options)).toBe(place);
    expect(await readFile(join(folder, "downloads"), "utf8")).toBe("x\n");
  });

  it("says what to do where there is no Go", async () => {
    await expect(goModuleFiles(files, options)).rejects.toThrow(
      /^No CRDs: install Go .*or put crds, docs\/one\.yaml of example\.com\/things v1\.2\.3 into /,
    );
  });

  it("leaves nothing behind where the proxy fails", async () => {
    await withGo("echo no such version >&2; exit 1");
    await expect(goModuleFiles(files, options)).rejects.toThrow("no such version");
    expect(await readdir(join(folder, "cache", "things"))).toEqual([]);
  });
});
