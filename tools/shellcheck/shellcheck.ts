/** shellcheck, from PATH or, on Debian and its kin, from their package. */
import { randomUUID } from "node:crypto";
import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../machine/cache-folder.ts";
import { CommandNotFoundError, run, runOrThrow } from "../machine/command.ts";
import { withLock } from "../machine/lock.ts";
import type { Tell } from "../machine/progress.ts";

const tellStderr: Tell = (line) => {
  process.stderr.write(`shellcheck: ${line}\n`);
};

/**
 * The path of shellcheck, 0.9.0 or later. It comes by no registry of packages as a binary, but by every distribution:
 * where PATH has none, Debian's package is downloaded by apt and unpacked into the cache folder, which needs no
 * administrator unless apt has never been updated. Throws with what to install where there is no apt.
 */
export async function shellcheck(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  if (await runs("shellcheck")) return "shellcheck";
  const folder = cacheFolder(env, "shellcheck");
  const program = join(folder, "unpacked", "usr", "bin", "shellcheck");
  if (await runs(program)) return program;
  await mkdir(folder, { recursive: true });
  await withLock(join(folder, "lock"), tellStderr, async () => {
    if (!(await exists(program))) await unpack(folder);
  });
  return program;
}

async function unpack(folder: string): Promise<void> {
  const draft = join(folder, randomUUID());
  await mkdir(draft);
  try {
    tellStderr("downloading Debian's package, once for this machine");
    const download = () => run("apt-get", ["download", "--quiet", "shellcheck"], { cwd: draft });
    if ((await download()).code !== 0) {
      await runOrThrow("apt-get", ["update", "--quiet"]);
      const { code, stderr } = await download();
      if (code !== 0) throw new Error(`apt-get download shellcheck: ${stderr.trim()}`);
    }
    const archive = (await readdir(draft)).find((name) => name.endsWith(".deb"));
    if (archive === undefined) throw new Error("apt-get download shellcheck left no package");
    await runOrThrow("dpkg-deb", ["--extract", archive, "unpacked"], { cwd: draft });
    await rename(join(draft, "unpacked"), join(folder, "unpacked"));
  } catch (error) {
    if (!(error instanceof CommandNotFoundError)) throw error;
    throw new Error("shellcheck is not in PATH and there is no apt: install it (brew install shellcheck)", {
      cause: error,
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function runs(program: string): Promise<boolean> {
  try {
    return (await run(program, ["--version"])).code === 0;
  } catch (error) {
    if (error instanceof CommandNotFoundError) return false;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
