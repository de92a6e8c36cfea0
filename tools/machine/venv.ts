/** Python environments, made once a machine and set of versions, in the cache folder. */
import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./cache-folder.ts";
import { runOrThrow } from "./command.ts";
import { withLock } from "./lock.ts";
import { type Tell, withProgress } from "./progress.ts";

export interface VenvOptions {
  /** The file that pins what is installed. */
  readonly requirements: URL;
  /** What that is, for whoever waits. */
  readonly content: string;
  /** Whose folder of the cache it lies in. */
  readonly tool: string;
  readonly env: NodeJS.ProcessEnv;
  readonly tell: Tell;
}

/**
 * The `bin` folder of an environment that holds what the requirements name. The first call on a machine installs it
 * from PyPI; it needs Python 3.10 or later. Scripts in it name the interpreter by the path that it was built at: run
 * them as arguments of its `python`. Throws with pip's words where it cannot be had.
 */
export async function pythonVenv(options: VenvOptions): Promise<string> {
  const { requirements, tool, env, tell } = options;
  const cache = cacheFolder(env, tool);
  await mkdir(cache, { recursive: true });
  const wanted = createHash("sha256")
    .update(await readFile(requirements))
    .update(await runOrThrow("python3", ["--version"]))
    .digest("hex");
  const folder = join(cache, wanted.slice(0, 16));
  if (!(await exists(folder))) {
    await withLock(`${folder}.lock`, tell, async () => {
      if (!(await exists(folder))) await build(folder, options);
    });
  }
  return join(folder, "bin");
}

/** Beside its place and moved there when complete: another builder may have been quicker, or this one is killed. */
async function build(folder: string, { requirements, content, tell }: VenvOptions): Promise<void> {
  const draft = `${folder}.${randomUUID()}`;
  try {
    await runOrThrow("python3", ["-m", "venv", draft]);
    const pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"];
    await withProgress(tell, `installing ${content} from PyPI, once for this machine`, () =>
      runOrThrow(join(draft, "bin", "python"), [...pip, "--requirement", fileURLToPath(requirements)]),
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
