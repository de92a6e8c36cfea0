import { randomUUID } from "node:crypto";
import { access, cp, mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { CommandNotFoundError, runOrThrow } from "./command.ts";
import { type Tell, tellStderr, withProgress } from "./progress.ts";

/** Files of a Go module at a pinned version, which tests use as they were published. */
export interface GoModuleFiles {
  /** Of the folder in our cache. */
  readonly tool: string;
  readonly module: string;
  readonly version: string;
  /** Paths within the module; a folder stands for what is in it. */
  readonly paths: readonly string[];
  /** What they are, for whoever waits: `CRDs`. */
  readonly what: string;
}

export interface FetchOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly tell?: Tell;
}

/**
 * The folder with the files, beside each other. The first call on a machine takes them from a Go module proxy, which
 * needs `go`; later ones from our cache. Throws with what is missing.
 */
export async function goModuleFiles(
  files: GoModuleFiles,
  { env = process.env, tell = tellStderr }: FetchOptions = {},
): Promise<string> {
  const cache = cacheFolder(env, files.tool);
  const folder = join(cache, files.version);
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  // Beside its place and moved there when complete: another process may be quicker.
  const draft = `${folder}.${randomUUID()}`;
  try {
    const module = await withProgress(
      tell,
      `taking the ${files.what} of ${files.module} from the Go module proxy`,
      () => download(files),
    );
    for (const path of files.paths) await copy(join(module, path), draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(folder))) throw explained(error, files, folder);
  }
  return folder;
}

/** A file into `folder`, or what a folder holds. */
async function copy(source: string, folder: string): Promise<void> {
  const isFolder = (await stat(source)).isDirectory();
  await cp(source, isFolder ? folder : join(folder, basename(source)), { recursive: true });
}

/** Resolves to the module's folder in Go's own cache, where everything is read-only. */
async function download({ module, version }: GoModuleFiles): Promise<string> {
  const env = { ...process.env, GOFLAGS: "-mod=mod", GOWORK: "off" };
  const told = await runOrThrow("go", ["mod", "download", "-json", `${module}@${version}`], { env });
  return (JSON.parse(told) as { Dir: string }).Dir;
}

function explained(error: unknown, { what, module, version, paths }: GoModuleFiles, folder: string): unknown {
  if (!(error instanceof CommandNotFoundError)) return error;
  return new Error(
    `No ${what}: install Go (https://go.dev/dl/), or put ${paths.join(", ")} of ${module} ${version} into ${folder}.`,
    { cause: error },
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
