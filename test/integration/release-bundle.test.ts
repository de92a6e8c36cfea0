import { cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runOrThrow } from "../../tools/machine/command.ts";
import { differences, fingerprint } from "../../tools/release/copy.ts";

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

describe("the bundle", () => {
  it("is the same to the byte wherever its checkout lies", async () => {
    const one = await fingerprint(await built("a"));
    const other = await fingerprint(await built("another/and/deeper"));
    expect(one.size).toBeGreaterThan(10);
    expect(differences(one, other)).toEqual([]);
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
    for (const file of (await fingerprint(dist)).keys()) {
      expect(await readFile(join(dist, file), "utf8"), file).not.toContain(folder);
    }
  });
});
