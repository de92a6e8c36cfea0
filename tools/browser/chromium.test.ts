import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resolveChromium } from "./chromium.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "chromium-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function writeProgram(name: string, code: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\nexit ${code}\n`);
  await chmod(path, 0o755);
  return path;
}

const resolve = (env: NodeJS.ProcessEnv) =>
  resolveChromium({ env: { PATH: folder, ...env }, mayInstall: false, tell: () => undefined });

describe("resolveChromium", () => {
  it("takes CHROMIUM before what is on PATH", async () => {
    await writeProgram("chromium", 0);
    const mine = await writeProgram("mine", 0);
    expect(await resolve({ CHROMIUM: mine })).toBe(mine);
  });

  it("refuses a CHROMIUM that is no program rather than using another silently", async () => {
    await writeProgram("chromium", 0);
    await expect(resolve({ CHROMIUM: join(folder, "missing") })).rejects.toThrow("unset it");
  });

  it("passes over a script that only tells how to install one", async () => {
    await writeProgram("chromium-browser", 1);
    const chrome = await writeProgram("google-chrome", 0);
    expect(await resolve({})).toBe(chrome);
  });

  it("names the three ways where there is none", async () => {
    await expect(resolve({})).rejects.toThrow(/1\. set CHROMIUM.*2\. put.*3\. run as root/s);
  });
});
