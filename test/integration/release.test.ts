import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { prepareHelm } from "../../tools/helm/helm.ts";
import { run, runOrThrow } from "../../tools/machine/command.ts";
import { copyCheckout } from "../../tools/release/copy.ts";
import { validatorsBin } from "../../tools/validators/python.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const { version } = packageJson;
const IMAGE = { repository: "ghcr.io/acme/aws-account-scan-operator", digest: `sha256:${"0f".repeat(32)}` };

let checkout: string;
let python: string;

/** A committed checkout of what is here, whose changelog is ready: what is released is not what somebody works on. */
beforeAll(async () => {
  await prepareHelm();
  python = join(await validatorsBin(), "python");
  checkout = await mkdtemp(join(tmpdir(), "release-"));
  await copyCheckout(ROOT, checkout);
  const changelog = join(checkout, "CHANGELOG.md");
  const entries = `## [Unreleased]\n\n## [${version}] - 2026-11-25\n\n### Added\n- Something.\n`;
  const [before = "", after = ""] = (await readFile(changelog, "utf8")).split("## [Unreleased]");
  await writeFile(changelog, before + entries + after.replace(`## [${version}]`, "## [0.0.0]"));
  await git("init", "--quiet");
  // The rule of .gitignore is for a folder; here it is a link.
  await appendFile(join(checkout, ".git/info/exclude"), "node_modules\n");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=Release");
}, 600_000);
afterAll(() => rm(checkout, { recursive: true }));

function git(...args: readonly string[]): Promise<string> {
  const author = [
    "-c",
    "user.name=Somebody",
    "-c",
    "user.email=somebody@example.com",
    "-c",
    "commit.gpgsign=false",
  ];
  return runOrThrow("git", [...author, ...args], { cwd: checkout });
}

const release = (...args: readonly string[]) =>
  run(process.execPath, ["tools/release/main.ts", ...args], { cwd: checkout });

/** By the check's name, what it came to. */
function outcomes(stdout: string): Readonly<Record<string, string>> {
  const lines = stdout.trim().split("\n");
  return Object.fromEntries(
    lines.map((line) => [line.slice(11, line.indexOf(":")), line.slice(0, 9).trim()]),
  );
}

describe("a release of this checkout", () => {
  it("passes every check that needs nobody outside", async () => {
    const { code, stdout, stderr } = await release("check", "--offline");
    expect(outcomes(stdout), stdout + stderr).toEqual({
      "working tree": "PASSED",
      versions: "PASSED",
      changelog: "PASSED",
      "chart before": "PASSED",
      licences: "PASSED",
      audit: "NOT ASKED",
      "generated files": "PASSED",
      bundle: "PASSED",
      "bill of materials": "PASSED",
      chart: "PASSED",
    });
    expect(code).toBe(0);
  });

  it("offers chart, manifest, commands and bill of materials for the image, with their checksums", async () => {
    const output = join(checkout, "assets");
    const image = [`--repository=${IMAGE.repository}`, `--digest=${IMAGE.digest}`];
    const { code, stderr } = await release("assets", ...image, `--output=${output}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const chart = `aws-account-scan-operator-${version}.tgz`;
    const archive = `awsscan-${version}.tar.gz`;
    expect((await readdir(output)).sort()).toEqual(
      ["NOTES.md", "SHA256SUMS", "install.yaml", "sbom.cdx.json", chart, archive].sort(),
    );
    await runOrThrow("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: output });
    const reference = `${IMAGE.repository}@${IMAGE.digest}`;
    expect(await readFile(join(output, "install.yaml"), "utf8")).toContain(`image: ${reference}\n`);
    expect(await runOrThrow(await prepareHelm(), ["template", "x", join(output, chart)])).toContain(
      reference,
    );
    expect(await readFile(join(output, "NOTES.md"), "utf8")).toContain(
      `${reference}\`\n\n### Added\n- Something.`,
    );

    await runOrThrow("tar", ["-xzf", archive], { cwd: output });
    expect(await runOrThrow(process.execPath, [join(output, "awsscan/awsscan.js"), "--version"])).toContain(
      version,
    );

    const script = `
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
error = JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read())
sys.exit(0 if error is None else str(error)[:500])`;
    await runOrThrow(python, ["-c", script, join(output, "sbom.cdx.json")]);
    const { components } = JSON.parse(await readFile(join(output, "sbom.cdx.json"), "utf8"));
    const names = components.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(["fastify", "@aws-sdk/core", "node"]));
    expect(names).not.toContain("vitest");
  });

  it("fails for another version of the chart, a generated file that is not current, and what is not committed", async () => {
    const chart = join(checkout, "charts/aws-account-scan-operator/Chart.yaml");
    await writeFile(chart, (await readFile(chart, "utf8")).replace(`version: ${version}`, "version: 9.9.9"));
    await appendFile(join(checkout, "docs/metrics.md"), "more\n");
    await rm(join(checkout, "test/integration/chart/releases"), { recursive: true });
    const { code, stdout } = await release("check", "--offline");
    const failing = Object.entries(outcomes(stdout)).filter(([, outcome]) => outcome === "FAILED");
    expect(failing.map(([name]) => name)).toEqual([
      "working tree",
      "versions",
      "chart before",
      "generated files",
      "chart",
    ]);
    expect(stdout).toContain("npm run generate changes docs/metrics.md");
    expect(code).toBe(1);
  });
});
