/**
 * `npm run release:check [-- --offline]`: whether this checkout may be released, a line for each check.
 * `npm run release:assets -- --repository R --digest D --output FOLDER`: what its release offers for download.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { releaseAssets } from "./assets.ts";
import { releaseChecks } from "./checks.ts";
import { releasedImage } from "./image-reference.ts";
import { releasable, runChecks } from "./outcome.ts";

const ROOT = resolve(fileURLToPath(new URL("../../", import.meta.url)));

const from = process.cwd();
process.chdir(ROOT);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    offline: { type: "boolean", default: false },
    repository: { type: "string", default: "" },
    digest: { type: "string", default: "" },
    output: { type: "string", default: "assets" },
  },
});
if (positionals[0] === "check") process.exitCode = (await check(values.offline)) ? 0 : 1;
else if (positionals[0] === "assets")
  await releaseAssets(ROOT, releasedImage(values.repository, values.digest), resolve(from, values.output));
else throw new Error("say check or assets");

async function check(offline: boolean): Promise<boolean> {
  const scratch = await mkdtemp(join(tmpdir(), "release-"));
  try {
    const results = await runChecks(await releaseChecks({ root: ROOT, scratch, offline }), console.log);
    return releasable(results, offline);
  } finally {
    await rm(scratch, { recursive: true });
  }
}
