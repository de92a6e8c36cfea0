import { randomUUID } from "node:crypto";
import { access, cp, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../machine/cache-folder.ts";
import { CommandNotFoundError, runOrThrow } from "../machine/command.ts";
import { type Tell, tellStderr, withProgress } from "../machine/progress.ts";

const MODULE = "github.com/openreports/reports-api";
const VERSION = "v0.2.1";

export interface CrdsOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly tell?: Tell;
}

/**
 * The folder with the CRDs of the Reports API, as its Go module publishes them. The first call on a machine takes them
 * from a Go module proxy, which needs `go`; later ones from our cache. Throws with what is missing.
 */
export async function openReportsCrds({
  env = process.env,
  tell = tellStderr,
}: CrdsOptions = {}): Promise<string> {
  const cache = cacheFolder(env, "openreports");
  const folder = join(cache, VERSION);
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  // Beside its place and moved there when complete: another process may be quicker.
  const draft = `${folder}.${randomUUID()}`;
  try {
    const module = await withProgress(
      tell,
      `taking the CRDs of ${MODULE} from the Go module proxy`,
      download,
    );
    await cp(join(module, "config", "crd"), draft, { recursive: true });
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(folder))) throw explained(error, folder);
  }
  return folder;
}

/** Resolves to the module's folder in Go's own cache, where everything is read-only. */
async function download(): Promise<string> {
  const env = { ...process.env, GOFLAGS: "-mod=mod", GOWORK: "off" };
  const told = await runOrThrow("go", ["mod", "download", "-json", `${MODULE}@${VERSION}`], { env });
  return (JSON.parse(told) as { Dir: string }).Dir;
}

function explained(error: unknown, folder: string): unknown {
  if (!(error instanceof CommandNotFoundError)) return error;
  return new Error(
    `No CRDs of the Reports API: install Go (https://go.dev/dl/), or put config/crd of ${MODULE} ${VERSION} into ${folder}.`,
    { cause: error },
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
