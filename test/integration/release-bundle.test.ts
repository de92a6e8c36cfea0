import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runOrThrow } from "../../tools/machine/command.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SOURCES = ["src", "tools", "package.json", "tsconfig.json", "LICENSE"];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bundle-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Builds a copy of the checkout that lies at `path`, in another locale and time zone than ours. */
async function built(path: string): Promise<string> {
  const checkout = join(folder, path);
  await mkdir(checkout, { recursive: true });
  for (const name of SOURCES) await cp(join(ROOT, name), join(checkout, name), { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(checkout, "node_modules"));
  const env = { ...process.env, AWSSCAN_REVISION: "0123456789ab", LC_ALL: "tr_TR.UTF-8", TZ: "Asia/Tokyo" };
  await runOrThrow(process.execPath, ["tools/build/main.ts"], { cwd: checkout, env });
  return join(checkout, "dist");
}

/** Every file with its mode and its content's hash. */
async function fingerprint(dist: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const prints = files.sort().map(async (file) => {
    const hash = createHash("sha256").update(await readFile(file));
    return [relative(dist, file), `${(await stat(file)).mode.toString(8)} ${hash.digest("hex")}`] as const;
  });
  return Object.fromEntries(await Promise.all(prints));
}

describe("the bundle", () => {
  it("is the same to the byte wherever its checkout lies", async () => {
    const one = await fingerprint(await built("a"));
    const other = await fingerprint(await built("another/and/deeper"));
    expect(Object.keys(one).length).toBeGreaterThan(10);
    expect(other).toEqual(one);
  });

  it("brings the licences of what is in it, and no path of the machine that made it", async () => {
    const dist = join(folder, "a", "dist");
    const licences = await readFile(join(dist, "THIRD-PARTY-LICENSES.txt"), "utf8");
    for (const name of [
      "@aws-sdk/client-sagemaker",
      "@kubernetes/client-node",
      "fastify",
      "pino",
      "undici",
    ]) {
      expect(licences).toContain(`\n${name} `);
    }
    // Test tools are not shipped.
    for (const name of ["vitest", "esbuild", "typescript"]) expect(licences).not.toContain(`\n${name} `);
    expect(await readFile(join(dist, "LICENSE"))).toEqual(await readFile(join(ROOT, "LICENSE")));
    for (const file of Object.keys(await fingerprint(dist))) {
      expect(await readFile(join(dist, file), "utf8"), file).not.toContain(folder);
    }
  });
});
