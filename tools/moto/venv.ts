/** moto's Python environment, made once a machine and set of versions. */
import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../machine/cache-folder.ts";
import { runOrThrow } from "../machine/command.ts";
import { withLock } from "../machine/lock.ts";
import { type Tell, withProgress } from "../machine/progress.ts";

/** Where environments are kept, and where progress is told. */
export interface VenvOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly tell?: Tell;
}

const REQUIREMENTS = fileURLToPath(new URL("requirements.txt", import.meta.url));

const tellStderr: Tell = (line) => {
  process.stderr.write(`moto: ${line}\n`);
};

/**
 * The Python interpreter of an environment that holds `requirements.txt`. The first call on a machine downloads
 * some 100 MB into the cache folder, beside the control plane's binaries; it needs Python 3.10 or later and PyPI.
 */
export async function motoPython(options: VenvOptions = {}): Promise<string> {
  const { env = process.env, tell = tellStderr } = options;
  const cache = cacheFolder(env, "moto");
  await mkdir(cache, { recursive: true });
  const version = await runOrThrow("python3", ["--version"]);
  const wanted = createHash("sha256")
    .update(await readFile(REQUIREMENTS))
    .update(version)
    .digest("hex");
  const folder = join(cache, wanted.slice(0, 16));
  const python = join(folder, "bin", "python");
  if (await exists(python)) return python;
  await withLock(`${folder}.lock`, tell, async () => {
    if (!(await exists(python))) await build(folder, tell);
  });
  return python;
}

/** Beside its place and moved there when complete: another builder may have been quicker, or this one is killed. */
async function build(folder: string, tell: Tell): Promise<void> {
  const draft = `${folder}.${randomUUID()}`;
  try {
    await runOrThrow("python3", ["-m", "venv", draft]);
    const pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"];
    await withProgress(tell, "installing moto from PyPI, once for this machine", () =>
      runOrThrow(join(draft, "bin", "python"), [...pip, "--requirement", REQUIREMENTS]),
    );
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
