import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../machine/cache-folder.ts";
import { withLock } from "../machine/lock.ts";
import { type Tell, tellStderr, withProgress } from "../machine/progress.ts";
import { findCached, holdsPrograms, PROGRAMS, platform } from "./cache.ts";
import { downloadEnvtest, ENVTEST_INDEX, findEnvtestArchive } from "./envtest.ts";
import { buildFromGoModules, hasGo } from "./go-build.ts";

/** The Kubernetes minor whose API server tests run against; any patch of it will do. */
const MINOR = "v1.36";
/** The patch that is built where nothing can be downloaded. */
const BUILT_VERSION = "v1.36.3";

/** Where to look; everything has a default that fits a developer's machine. */
export interface ResolveOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly envtestIndex?: string;
  readonly tell?: Tell;
}

/**
 * The folder with `etcd` and `kube-apiserver`: KUBEBUILDER_ASSETS, else our cache, else the official envtest
 * archive, else built from Go modules; the last two fill the cache, once for all processes that ask at a time.
 * Throws when none of the four can be had, and says what each needs.
 */
export async function resolveBinaries(options: ResolveOptions = {}): Promise<string> {
  const { env = process.env, envtestIndex = ENVTEST_INDEX, tell = tellStderr } = options;
  const assets = env["KUBEBUILDER_ASSETS"];
  if (assets) {
    if (await holdsPrograms(assets)) return assets;
    throw new Error(
      `KUBEBUILDER_ASSETS is ${assets}, which does not hold the programs ${PROGRAMS.join(" and ")}: set it to a folder that does, or unset it`,
    );
  }
  const cache = cacheFolder(env, "control-plane");
  const cached = await findCached(cache, MINOR);
  if (cached) return cached;
  await mkdir(cache, { recursive: true });
  return withLock(join(cache, "lock"), tell, async () => {
    // Whoever held the lock before may have filled the cache.
    const filled = await findCached(cache, MINOR);
    return filled ?? (await download(cache, envtestIndex, tell)) ?? (await build(cache, tell));
  });
}

async function download(cache: string, indexUrl: string, tell: Tell): Promise<string | undefined> {
  try {
    const archive = await findEnvtestArchive(indexUrl, MINOR, platform());
    return await withProgress(tell, `downloading ${archive.url} (first run only)`, () =>
      fill(cache, archive.version, (folder) => downloadEnvtest(archive, folder)),
    );
  } catch (error) {
    tell(`no download of the envtest archive: ${reason(error)}`);
    return undefined;
  }
}

async function build(cache: string, tell: Tell): Promise<string> {
  if (!(await hasGo())) {
    throw new Error(
      [
        `No ${PROGRAMS.join(" and ")} for the control plane. Choose one of four ways:`,
        "  1. set KUBEBUILDER_ASSETS to a folder that holds both, for example with setup-envtest",
        `  2. put both into ${join(cache, `${BUILT_VERSION}-${platform()}`)}`,
        "  3. allow access to github.com and raw.githubusercontent.com (HTTPS_PROXY is honoured)",
        "  4. install Go (https://go.dev/dl/), and they are built from Go modules in a few minutes",
      ].join("\n"),
    );
  }
  return fill(cache, BUILT_VERSION, (folder) => buildFromGoModules(BUILT_VERSION, folder, tell));
}

/** Makes a cache folder whole or not at all: filled under another name, then renamed. */
async function fill(
  cache: string,
  version: string,
  work: (folder: string) => Promise<void>,
): Promise<string> {
  const target = join(cache, `${version}-${platform()}`);
  const folder = await mkdtemp(join(cache, "unfinished-"));
  try {
    await work(folder);
    if (!(await holdsPrograms(folder))) throw new Error(`${PROGRAMS.join(" and ")} are not among the result`);
    await rename(folder, target);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    // Another process may have been quicker; its result is as good as ours.
    if (!(await holdsPrograms(target))) throw error;
  }
  return target;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
