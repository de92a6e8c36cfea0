/** Bundles the commands into `dist`. */
import { execFileSync } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { buildBundle } from "./bundle.ts";

await buildBundle({ outdir: "dist", revision: revision() });
console.log(`dist ${((await size("dist")) / 1024 / 1024).toFixed(1)} MB`);

/** The commit that is built, for build_info; unknown outside a checkout. */
function revision(): string {
  if (process.env["AWSSCAN_REVISION"]) return process.env["AWSSCAN_REVISION"];
  try {
    return execFileSync("git", ["rev-parse", "--short=12", "HEAD"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "unknown";
  }
}

async function size(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
