/** Packages of the Debian that distroless takes its files from. */
import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../machine/cache-folder.ts";
import { CommandNotFoundError, runOrThrow } from "../machine/command.ts";
import { withLock } from "../machine/lock.ts";
import { type Tell, withProgress } from "../machine/progress.ts";

const RELEASE = "bookworm";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const ARCHIVE = "http://deb.debian.org";
const SOURCES = [
  ["debian", RELEASE],
  ["debian", `${RELEASE}-updates`],
  ["debian-security", `${RELEASE}-security`],
].map(([place, suite]) => `deb [signed-by=${KEYRING}] ${ARCHIVE}/${place} ${suite} main\n`);

/** A package file: its name says name, version and architecture. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly path: string;
}

/**
 * The packages of these names as Debian 12 has them, security updates among them, verified by apt against Debian's
 * keys; from our cache, which keeps what it got first. The machine's own sources do not matter, nor who runs it; apt
 * and Debian's keyring do (on Ubuntu: `apt-get install debian-archive-keyring`).
 */
export async function debianPackages(
  names: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  tell: Tell = (line) => process.stderr.write(`image: ${line}\n`),
): Promise<DebianPackage[]> {
  const cache = cacheFolder(env, "debian-packages");
  const key = createHash("sha256")
    .update([...SOURCES, process.arch, ...names].join("\n"))
    .digest("hex");
  const folder = join(cache, key.slice(0, 16));
  await mkdir(cache, { recursive: true });
  await withLock(`${folder}.lock`, tell, async () => {
    if (await exists(folder)) return;
    await withProgress(
      tell,
      `downloading ${names.length} packages of Debian ${RELEASE}, once for this machine`,
      () => download(names, folder),
    );
  });
  const files = (await readdir(folder)).filter((file) => file.endsWith(".deb")).sort();
  return files.map((file) => {
    const [name = "", version = ""] = file.split("_");
    return { name, version: decodeURIComponent(version), path: join(folder, file) };
  });
}

/** Beside its place and moved there when complete. */
async function download(names: readonly string[], folder: string): Promise<void> {
  const draft = `${folder}.${randomUUID()}`;
  const lists = join(draft, "apt", "lists");
  try {
    await mkdir(join(lists, "partial"), { recursive: true });
    const sources = join(draft, "apt", "sources.list");
    await writeFile(sources, SOURCES.join(""));
    const settings = [
      `Dir::Etc::sourcelist=${sources}`,
      "Dir::Etc::sourceparts=-",
      `Dir::State::lists=${lists}`,
      `Dir::Cache=${join(draft, "apt", "cache")}`,
      "Acquire::Languages=none",
      // An archive that is away must not leave packages behind that lack its security updates; nor may the machine's own
      // settings let in what nobody signed.
      "APT::Update::Error-Mode=any",
      "APT::Get::AllowUnauthenticated=false",
      "Acquire::AllowInsecureRepositories=false",
      // The user that apt would drop to cannot write here.
      "APT::Sandbox::User=root",
    ].flatMap((setting) => ["-o", setting]);
    await runOrThrow("apt-get", [...settings, "-qq", "update"]);
    await runOrThrow("apt-get", [...settings, "-qq", "download", ...names], { cwd: draft });
    await rm(join(draft, "apt"), { recursive: true });
    await rename(draft, folder);
  } catch (error) {
    if (!(error instanceof CommandNotFoundError)) throw error;
    throw new Error(
      "the image's base is unpacked from Debian's packages, which needs apt: run this on Debian or Ubuntu",
      {
        cause: error,
      },
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Unpacks a package's files into a folder, with their modes; its scripts do not run. */
export async function unpack({ path }: DebianPackage, folder: string): Promise<void> {
  await runOrThrow("dpkg-deb", ["--extract", path, folder]);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
