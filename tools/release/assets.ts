/** What a release offers for download, with the image that was built for it. */
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBundle } from "../build/bundle.ts";
import { bundledPackages } from "../build/packages.ts";
import { installYaml } from "../generate-deploy/files.ts";
import { helm } from "../helm/helm.ts";
import { runOrThrow } from "../machine/command.ts";
import { changelogSection } from "./changelog.ts";
import { projectBom } from "./checks.ts";
import { manifestWithImage, type ReleasedImage, valuesWithImage } from "./image-reference.ts";

const CHART = "charts/aws-account-scan-operator";

/**
 * Fills `output`, which must not exist, from the checkout in the working directory: the chart, install.yaml, the commands without an image, the bill of materials,
 * their checksums, and the release's notes.
 */
export async function releaseAssets(root: string, image: ReleasedImage, output: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  await mkdir(output);
  await packChart(root, image, output);
  await writeFile(join(output, "install.yaml"), manifestWithImage(await installYaml(), image));
  const scratch = await mkdtemp(join(tmpdir(), "assets-"));
  try {
    const revision = (await runOrThrow("git", ["rev-parse", "--short=12", "HEAD"], { cwd: root })).trim();
    const metafile = await buildBundle({ outdir: join(scratch, "awsscan"), revision });
    const bom = await projectBom(root, await bundledPackages(metafile));
    await writeFile(join(output, "sbom.cdx.json"), `${JSON.stringify(bom, null, 2)}\n`);
    const archive = join(output, `awsscan-${version}.tar.gz`);
    const epoch = (await runOrThrow("git", ["log", "-1", "--format=%ct"], { cwd: root })).trim();
    const same = ["--sort=name", `--mtime=@${epoch}`, "--owner=0", "--group=0", "--numeric-owner"];
    await runOrThrow("tar", [...same, "--use-compress-program=gzip -n", "-cf", archive, "awsscan"], {
      cwd: scratch,
    });
  } finally {
    await rm(scratch, { recursive: true });
  }
  await writeFile(join(output, "SHA256SUMS"), await checksums(output));
  const changes = changelogSection(await readFile(join(root, "CHANGELOG.md"), "utf8"), version);
  if (!changes) throw new Error(`CHANGELOG.md says nothing of ${version}`);
  await writeFile(join(output, "NOTES.md"), `Image: \`${image.repository}@${image.digest}\`\n\n${changes}\n`);
}

async function packChart(root: string, image: ReleasedImage, output: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "chart-"));
  try {
    const copy = join(scratch, "aws-account-scan-operator");
    await cp(join(root, CHART), copy, { recursive: true });
    const values = join(copy, "values.yaml");
    await writeFile(values, valuesWithImage(await readFile(values, "utf8"), image));
    const { code, stderr } = await helm(["package", copy, `--destination=${output}`]);
    if (code !== 0) throw new Error(`helm package: ${stderr}`);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** In the form that `sha256sum --check` reads. */
async function checksums(folder: string): Promise<string> {
  const files = (await readdir(folder)).sort();
  const lines = files.map(async (file) => {
    const hash = createHash("sha256").update(await readFile(join(folder, file)));
    return `${hash.digest("hex")}  ${file}\n`;
  });
  return (await Promise.all(lines)).join("");
}
