/** What must hold of a checkout for its release, as far as that can be told without the outside. */
import { access, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { buildBundle } from "../build/bundle.ts";
import { type BundledPackage, bundledPackages } from "../build/packages.ts";
import { helm } from "../helm/helm.ts";
import { run, runOrThrow } from "../machine/command.ts";
import { auditOutcome } from "./audit.ts";
import { changelogSection, predecessor } from "./changelog.ts";
import { copyCheckout, differences, fingerprint, trackedFiles } from "./copy.ts";
import { licenseProblems, lockedPackages } from "./licenses.ts";
import { type Check, failed, judged, notAsked, type Outcome, passed } from "./outcome.ts";
import { type Bom, shippedBom } from "./sbom.ts";
import { imageTags, versionProblems } from "./versions.ts";

const CHART = "charts/aws-account-scan-operator";
/** One for all builds that are compared. */
const REVISION = "0".repeat(12);
const CHARTS_BEFORE = "test/integration/chart/releases";

export interface CheckOptions {
  /** The checkout, which is the working directory. */
  readonly root: string;
  /** Emptied by whoever gave it. */
  readonly scratch: string;
  /** Whether nobody outside may be asked. */
  readonly offline: boolean;
}

/** All of them, in the order in which they are told. */
export async function releaseChecks(options: CheckOptions): Promise<Check[]> {
  const { root } = options;
  const text = (path: string) => readFile(join(root, path), "utf8");
  const { version } = JSON.parse(await text("package.json")) as { version: string };
  let built: Promise<BundledPackage[]> | undefined;
  const bundled = () => {
    built ??= buildBundle({ outdir: ownDist(options), revision: REVISION }).then(bundledPackages);
    return built;
  };
  return [
    { name: "working tree", run: () => workingTree(root) },
    { name: "versions", run: () => versions(text, version) },
    { name: "changelog", run: async () => changelog(await text("CHANGELOG.md"), version) },
    {
      name: "chart before",
      run: async () => chartBefore(root, predecessor(await text("CHANGELOG.md"), version)),
    },
    { name: "licences", run: async () => licences(await text("package-lock.json"), await bundled()) },
    { name: "audit", run: () => audit(options) },
    { name: "generated files", run: () => generatedFiles(options) },
    { name: "bundle", run: () => bundle(options, bundled) },
    { name: "bill of materials", run: async () => billOfMaterials(root, await bundled()) },
    { name: "chart", run: () => chart(options, version) },
  ];
}

async function workingTree(root: string): Promise<Outcome> {
  const changed = (await runOrThrow("git", ["status", "--porcelain"], { cwd: root }))
    .split("\n")
    .filter(Boolean);
  return judged(
    changed.length === 0 ? [] : [`not committed: ${changed.map((one) => one.slice(3)).join(", ")}`],
    "clean",
  );
}

async function versions(text: (path: string) => Promise<string>, version: string): Promise<Outcome> {
  const lock = JSON.parse(await text("package-lock.json")) as {
    version: string;
    packages: { "": { version: string } };
  };
  const chart = parse(await text(`${CHART}/Chart.yaml`)) as { version: string; appVersion: string };
  const named = [
    { place: "package-lock.json", version: lock.version },
    { place: "package-lock.json's root", version: lock.packages[""].version },
    { place: "the chart's version", version: chart.version },
    { place: "the chart's appVersion", version: chart.appVersion },
  ];
  for (const place of ["deploy/operator.yaml", "deploy/install.yaml", "README.md"]) {
    const tags = imageTags(await text(place));
    named.push(...(tags.length === 0 ? [undefined] : tags).map((tag) => ({ place, version: tag as string })));
  }
  return judged(
    versionProblems(version, named),
    `${version} in ${new Set(named.map(({ place }) => place)).size} places`,
  );
}

function changelog(content: string, version: string): Outcome {
  if (changelogSection(content, version)) return passed(`has ${version}`);
  return changelogSection(content, "Unreleased")
    ? passed(`has entries of what is not released: give them the heading [${version}] before the tag`)
    : failed(`says nothing of ${version}`);
}

/** Upgrades are tested from it. */
async function chartBefore(root: string, before: string | undefined): Promise<Outcome> {
  if (before === undefined) return passed("this is the first version");
  const file = join(CHARTS_BEFORE, `aws-account-scan-operator-${before}.tgz`);
  const isThere = await access(join(root, file)).then(
    () => true,
    () => false,
  );
  return isThere
    ? passed(file)
    : failed(`${file} is missing: keep the chart of ${before} there, for upgrade tests`);
}

/** What is bundled is shipped, whatever npm takes it for. */
function licences(lock: string, bundled: readonly BundledPackage[]): Outcome {
  const inBundle = new Set(bundled.map(({ name, version }) => `${name}@${version}`));
  const packages = lockedPackages(JSON.parse(lock)).map((one) => ({
    ...one,
    dev: one.dev && !inBundle.has(`${one.name}@${one.version}`),
  }));
  const shipped = packages.filter(({ dev }) => !dev).length;
  const detail = `${shipped} packages shipped or of runtime, ${packages.length - shipped} for development`;
  return judged(licenseProblems(packages), detail);
}

async function audit({ root, offline }: CheckOptions): Promise<Outcome> {
  if (offline) return notAsked("the registry was not asked, as --offline wants");
  return auditOutcome((await run("npm", ["audit", "--json"], { cwd: root })).stdout);
}

/** In a copy: others may read the files meanwhile. */
async function generatedFiles({ root, scratch }: CheckOptions): Promise<Outcome> {
  const copy = join(scratch, "generated");
  await copyCheckout(root, copy);
  const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    scripts: { generate: string };
  };
  for (const command of scripts.generate.split(" && ")) {
    const [, ...args] = command.split(" ");
    await runOrThrow(process.execPath, args, { cwd: copy });
  }
  const stale: string[] = [];
  for (const path of await trackedFiles(root)) {
    const [ours, anew] = await Promise.all([readFile(join(root, path)), readFile(join(copy, path))]);
    if (!ours.equals(anew)) stale.push(path);
  }
  return judged(stale.length === 0 ? [] : [`npm run generate changes ${stale.join(", ")}`], "current");
}

/** Of the sources as they are, in two places. */
async function bundle(options: CheckOptions, bundled: () => Promise<unknown>): Promise<Outcome> {
  const copy = join(options.scratch, "a", "copy");
  await copyCheckout(options.root, copy);
  const env = { ...process.env, AWSSCAN_REVISION: REVISION };
  await runOrThrow(process.execPath, ["tools/build/main.ts"], { cwd: copy, env });
  await bundled();
  const [theirs, ours] = await Promise.all([fingerprint(join(copy, "dist")), fingerprint(ownDist(options))]);
  const differ = differences(theirs, ours);
  return judged(
    differ.length === 0 ? [] : [`differs by its place: ${differ.join(", ")}`],
    "the same bytes wherever it is built",
  );
}

const ownDist = ({ scratch }: CheckOptions) => join(scratch, "dist");

async function billOfMaterials(root: string, bundled: readonly BundledPackage[]): Promise<Outcome> {
  const bom = await projectBom(root, bundled);
  return passed(`${bom.components.length} components, Node.js among them`);
}

/** Of what is bundled of the checkout, by what npm knows of the packages. */
export async function projectBom(root: string, bundled: readonly BundledPackage[]): Promise<Bom> {
  // With --omit=dev npm leaves out what both the product and its development use.
  const args = ["sbom", "--sbom-format=cyclonedx", "--package-lock-only"];
  const npm = JSON.parse(await runOrThrow("npm", args, { cwd: root })) as Bom;
  const commit = await runOrThrow("git", ["log", "-1", "--format=%cI"], { cwd: root });
  const { devDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    devDependencies: { node: string };
  };
  const timestamp = new Date(commit.trim()).toISOString();
  return shippedBom(npm, { bundled, nodeVersion: devDependencies.node, timestamp });
}

async function chart({ root, scratch }: CheckOptions, version: string): Promise<Outcome> {
  const folder = join(root, CHART);
  const lint = await helm(["lint", "--strict", folder]);
  if (lint.code !== 0) return failed(`helm lint: ${lint.stdout}${lint.stderr}`);
  const packages = join(scratch, "chart");
  await mkdir(packages);
  const { code, stderr } = await helm(["package", folder, `--destination=${packages}`]);
  if (code !== 0) return failed(`helm package: ${stderr}`);
  await access(join(packages, `aws-account-scan-operator-${version}.tgz`));
  return passed("helm lint --strict finds nothing, helm package packs it");
}
