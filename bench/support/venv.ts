/** Python environments of the contenders: one each, since their pins of botocore exclude each other. */
import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, readFile, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../tools/machine/cache-folder.ts";
import { runOrThrow } from "../../tools/machine/command.ts";
import { withLock } from "../../tools/machine/lock.ts";
import { withProgress } from "../../tools/machine/progress.ts";

const tell = (line: string): void => {
  process.stderr.write(`bench: ${line}\n`);
};

/**
 * The `bin` folder of an environment that holds what the requirements file names. The first call on a machine
 * installs it from PyPI into the cache folder, outside the checkout. Throws with pip's words where that fails.
 */
export async function venvBin(requirements: URL): Promise<string> {
  const cache = cacheFolder(process.env, "bench");
  await mkdir(cache, { recursive: true });
  const hash = createHash("sha256")
    .update(await readFile(requirements))
    .update(await runOrThrow("python3", ["--version"]))
    .digest("hex");
  const folder = join(cache, hash.slice(0, 16));
  if (!(await exists(folder))) {
    await withLock(`${folder}.lock`, tell, async () => {
      if (!(await exists(folder))) await build(folder, fileURLToPath(requirements));
    });
  }
  return join(folder, "bin");
}

/**
 * Beside its place and moved there when complete, since a builder may be killed. Its scripts name the interpreter
 * by the path that it was built at: run them as arguments of `bin/python`.
 */
async function build(folder: string, requirements: string): Promise<void> {
  const draft = `${folder}.${randomUUID()}`;
  try {
    await runOrThrow("python3", ["-m", "venv", draft]);
    const pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"];
    await withProgress(tell, `installing ${basename(requirements)} from PyPI, once for this machine`, () =>
      runOrThrow(join(draft, "bin", "python"), [...pip, "--requirement", requirements]),
    );
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
