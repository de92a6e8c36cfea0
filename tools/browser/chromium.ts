/** A Chromium for tests that need a real browser. */
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { run, runOrThrow } from "../machine/command.ts";
import { type Tell, withProgress } from "../machine/progress.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const tellStderr: Tell = (line) => {
  process.stderr.write(`browser: ${line}\n`);
};

/** Where to look and what to do without; everything has a default that fits a developer's machine. */
export interface ChromiumOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly tell?: Tell;
  /** Whether the system's packages are ours to add to: by default, where this is root of a Debian. */
  readonly mayInstall?: boolean;
}

/**
 * The path of a Chromium: $CHROMIUM, else what is on PATH, else Debian's package, which root installs once (110 MB to
 * download, 350 MB on disk). Throws when none of the three can be had, and says what each needs.
 */
export async function resolveChromium(options: ChromiumOptions = {}): Promise<string> {
  const { env = process.env, tell = tellStderr, mayInstall = process.getuid?.() === 0 } = options;
  const named = env["CHROMIUM"];
  if (named) {
    if (await isProgram(named)) return named;
    throw new Error(`CHROMIUM is ${named}, which is no program: set it to a Chromium, or unset it`);
  }
  const found = await findOnPath(env);
  if (found !== undefined) return found;
  const refusal = mayInstall ? await install(env, tell) : "only root may install packages";
  const installed = await findOnPath(env);
  if (installed !== undefined) return installed;
  throw new Error(
    [
      `No Chromium for the tests of HTML reports (${refusal ?? "its package holds no program"}). Choose one of three ways:`,
      "  1. set CHROMIUM to the path of a Chromium or Chrome",
      `  2. put one of ${NAMES.join(", ")} on PATH`,
      "  3. run as root on Debian, or once: apt-get install chromium",
    ].join("\n"),
  );
}

/** Why it did not succeed; undefined where it did. */
async function install(env: NodeJS.ProcessEnv, tell: Tell): Promise<string | undefined> {
  const apt = (...args: string[]) =>
    runOrThrow("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=300", ...args], {
      env: { ...env, DEBIAN_FRONTEND: "noninteractive" },
    });
  try {
    await withProgress(tell, "installing Debian's chromium, once for this machine", async () => {
      await apt("update");
      await apt("install", "--yes", "--no-install-recommends", "chromium");
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function findOnPath(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env["PATH"] ?? "").split(delimiter).filter(Boolean)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      if ((await isProgram(path)) && (await answers(path))) return path;
    }
  }
  return undefined;
}

/** Distributions put a script there that only tells how to install the real one. */
async function answers(path: string): Promise<boolean> {
  return (await run(path, ["--version"])).code === 0;
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
