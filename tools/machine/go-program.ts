/** Programs of other projects that tests and the demo run, built from Go modules once for this machine. */
import { access, constants, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { CommandNotFoundError, runOrThrow } from "./command.ts";
import { withLock } from "./lock.ts";
import { type Tell, withProgress } from "./progress.ts";

/** A program in a Go module, at a pinned version. */
export interface GoProgram {
  /** Of the executable. */
  readonly name: string;
  /** The module's path, and its version in Go's words: Prometheus 3.16.0 is `v0.316.0`. */
  readonly module: string;
  readonly version: string;
  /** The package within the module, such as `cmd/promtool`. */
  readonly package: string;
  /** How long the first build takes on two cores, for whoever waits for it. */
  readonly takes: string;
}

/**
 * The path of the program: from our cache, else built into it, once for all processes that ask at a time.
 * @throws where there is no Go toolchain, or the build fails; the message says what to do.
 */
export async function goProgram(
  program: GoProgram,
  env: NodeJS.ProcessEnv = process.env,
  tell: Tell = (line) => process.stderr.write(`${program.name}: ${line}\n`),
): Promise<string> {
  const path = cachedPath(program, env);
  if (await isExecutable(path)) return path;
  const cache = cacheFolder(env, "go-programs");
  await mkdir(cache, { recursive: true });
  // One lock for all of them: two builds at once would only take each other's memory and cores.
  return withLock(join(cache, "lock"), tell, async () => {
    if (!(await isExecutable(path))) {
      const what = `building ${program.name} ${program.version} from Go modules (first run only, ${program.takes})`;
      await withProgress(tell, what, () => build(program, cache, path, env));
    }
    return path;
  });
}

/** The path of the program where it can be had at once: from our cache, else of whatever version from PATH. */
export async function programAtHand(
  program: GoProgram,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = [cachedPath(program, env), ...folders.map((folder) => join(folder, program.name))];
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate;
  return undefined;
}

function cachedPath({ name, version }: GoProgram, env: NodeJS.ProcessEnv): string {
  return join(
    cacheFolder(env, "go-programs"),
    `${name}-${version}-${process.platform}-${process.arch}`,
    name,
  );
}

/** Makes the program's folder whole or not at all: built under another name, then renamed. */
async function build(program: GoProgram, cache: string, path: string, env: NodeJS.ProcessEnv): Promise<void> {
  const folder = await mkdtemp(join(cache, "unfinished-"));
  const module = join(folder, "module");
  const result = join(folder, "result");
  // A workspace or flags of the user's own would change what the scratch module means.
  const options = { cwd: module, env: { ...env, GOFLAGS: "-mod=mod", GOWORK: "off" } };
  try {
    await mkdir(module);
    await runOrThrow("go", ["mod", "init", "scratch"], options);
    await runOrThrow("go", ["get", `${program.module}@${program.version}`], options);
    const target = `${program.module}/${program.package}`;
    const output = join(result, program.name);
    await runOrThrow("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", output, target], options);
    await rename(result, join(path, ".."));
  } catch (error) {
    if (!(error instanceof CommandNotFoundError)) throw error;
    const message = `${program.name} is built from Go modules, and there is no Go toolchain: install Go (https://go.dev/dl/), or put an executable at ${path}`;
    throw new Error(message, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
