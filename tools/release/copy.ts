/** Copies of the checkout, for what would otherwise write into it. */
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { runOrThrow } from "../machine/command.ts";

/** Copies what git knows or would take up, as it is now, and links node_modules. */
export async function copyCheckout(root: string, folder: string): Promise<void> {
  for (const path of await trackedFiles(root)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await cp(join(root, path), join(folder, path), { verbatimSymlinks: true });
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
}

/** Paths of files that git knows or would take up, and that are there. */
export async function trackedFiles(root: string): Promise<string[]> {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--deduplicate"];
  const listed = (await runOrThrow("git", args, { cwd: root })).split("\0").filter(Boolean);
  const there = await Promise.all(
    listed.map((path) =>
      stat(join(root, path)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return listed.filter((_, index) => there[index]);
}

/** By its path, what each file of a folder is: mode and content. */
export async function fingerprint(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const prints = await Promise.all(
    files.map(async (file) => {
      const hash = createHash("sha256").update(await readFile(file));
      return [
        relative(folder, file),
        `${(await stat(file)).mode.toString(8)} ${hash.digest("hex")}`,
      ] as const;
    }),
  );
  return new Map(prints);
}

/** The paths that the one has otherwise than the other, or not at all. */
export function differences(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].filter((path) => one.get(path) !== other.get(path)).sort();
}
