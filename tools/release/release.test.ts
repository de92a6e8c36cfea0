import { describe, expect, it } from "vitest";
import type { BundledPackage } from "../build/packages.ts";
import { auditOutcome } from "./audit.ts";
import { changelogSection, predecessor, releasedVersions } from "./changelog.ts";
import { differences } from "./copy.ts";
import { manifestWithImage, releasedImage, valuesWithImage } from "./image-reference.ts";
import { licenseProblems, lockedPackages } from "./licenses.ts";
import { type Checked, failed, notAsked, passed, releasable, runChecks } from "./outcome.ts";
import { type Bom, shippedBom } from "./sbom.ts";
import { imageTags, versionProblems } from "./versions.ts";

const DIGEST = `sha256:${"ab".repeat(32)}`;

describe("an audit", () => {
  const report = (vulnerabilities: object, total = 7) =>
    JSON.stringify({ vulnerabilities, metadata: { dependencies: { total } } });

  it("passes where the registry knows of nothing", () => {
    expect(auditOutcome(report({}))).toEqual(passed("nothing known of 7 packages"));
  });

  it("fails with what is known", () => {
    expect(auditOutcome(report({ pino: { severity: "high" } }))).toEqual(failed("pino (high)"));
  });

  it.each([
    ["a registry that refuses", JSON.stringify({ message: "405 Method Not Allowed" })],
    ["no network", ""],
    ["a proxy's page", "<html>"],
    ["a report about nothing", report({}, 0)],
    ["a list", "[]"],
    ["null", "null"],
  ])("was not asked, and did not pass, by %s", (_, stdout) => {
    expect(auditOutcome(stdout)).toMatchObject({ status: "not asked" });
  });
});

describe("a release", () => {
  const results = (...outcomes: readonly Checked["outcome"][]) =>
    outcomes.map((outcome) => ({ name: "x", outcome }));

  it("needs every check to pass; what was not asked is let through only where that was said", () => {
    expect(releasable(results(passed(""), passed("")), false)).toBe(true);
    expect(releasable(results(passed(""), notAsked("")), false)).toBe(false);
    expect(releasable(results(passed(""), notAsked("")), true)).toBe(true);
    expect(releasable(results(passed(""), failed("")), true)).toBe(false);
  });

  it("is told a line a check, whatever they say; one that throws has failed", async () => {
    const lines: string[] = [];
    const broken = () => {
      throw new Error("a\n  b");
    };
    const checks = [
      { name: "one", run: () => passed("fine") },
      { name: "two", run: broken },
      { name: "three", run: () => notAsked("nobody there") },
    ];
    const checked = await runChecks(checks, (line) => lines.push(line));
    expect(lines).toEqual(["PASSED     one: fine", "FAILED     two: a b", "NOT ASKED  three: nobody there"]);
    expect(checked.map(({ outcome }) => outcome.status)).toEqual(["passed", "failed", "not asked"]);
  });
});

describe("licences", () => {
  const problems = (license: string | undefined, dev: boolean, name = "a") =>
    licenseProblems([{ name, version: "1.0.0", license, dev }]).length;

  it.each([
    ["MIT", 0, 0],
    ["(MIT OR GPL-3.0-only)", 0, 0],
    ["MIT AND Apache-2.0", 0, 0],
    ["MIT AND GPL-3.0-only", 1, 1],
    ["MPL-2.0", 1, 0],
    ["AGPL-3.0-only", 1, 1],
    ["GPL-2.0-or-later", 1, 1],
    ["SEE LICENSE IN README", 1, 1],
    ["UNLICENSED", 1, 1],
    [undefined, 1, 1],
  ])("%s: %i problem when shipped, %i in development", (license, shipped, dev) => {
    expect([problems(license, false), problems(license, true)]).toEqual([shipped, dev]);
  });

  it("excepts a package by its name and the licence that was looked at", () => {
    expect(problems("PSF-2.0", false, "argparse")).toBe(0);
    expect(problems("PSF-2.0", false, "other")).toBe(1);
    expect(problems("GPL-3.0-only", false, "argparse")).toBe(1);
  });

  it("are those of every package of the lock, nested ones by their own names", () => {
    const packages = {
      "": {},
      "node_modules/a": { version: "1.0.0", license: "MIT" },
      "node_modules/a/node_modules/@b/c": { version: "2.0.0", dev: true },
    };
    expect(lockedPackages({ packages })).toEqual([
      { name: "a", version: "1.0.0", license: "MIT", dev: false },
      { name: "@b/c", version: "2.0.0", license: undefined, dev: true },
    ]);
  });
});

describe("versions", () => {
  it("are told by the place that differs or names none", () => {
    const named = [
      { place: "a", version: "1.2.3" },
      { place: "b", version: "1.2.4" },
      { place: "c", version: undefined },
    ];
    expect(versionProblems("1.2.3", named)).toEqual([
      "b names 1.2.4 instead of 1.2.3",
      "c names no version instead of 1.2.3",
    ]);
  });

  it("are read of images with and without registry", () => {
    const text =
      "image: aws-account-scan-operator:1.2.3\nr.example:5000/aws-account-scan-operator:1.2.4-rc.1 .";
    expect(imageTags(text)).toEqual(["1.2.3", "1.2.4-rc.1"]);
  });
});

describe("the changelog", () => {
  const text =
    "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-01-02\n\n### Added\n- x\n\n## [0.1.0] - 2026-01-01\n- y\n";

  it("has a section for a version, or none, or an empty one", () => {
    expect(changelogSection(text, "0.2.0")).toBe("### Added\n- x");
    expect(changelogSection(text, "0.1.0")).toBe("- y");
    expect(changelogSection(text, "Unreleased")).toBe("");
    expect(changelogSection(text, "0.3.0")).toBeUndefined();
  });

  it("tells the version before, released or about to be", () => {
    expect(releasedVersions(text)).toEqual(["0.2.0", "0.1.0"]);
    expect(predecessor(text, "0.2.0")).toBe("0.1.0");
    expect(predecessor(text, "0.3.0")).toBe("0.2.0");
    expect(predecessor(text, "0.1.0")).toBeUndefined();
  });
});

describe("the bill of materials", () => {
  const component = (name: string, version: string) => ({ "bom-ref": `${name}@${version}`, name, version });
  const bom: Bom = {
    metadata: { component: component("us", "1.0.0"), timestamp: "now" },
    components: [component("a", "1.0.0"), component("b", "1.0.0"), component("test-tool", "1.0.0")],
    dependencies: [
      { ref: "us@1.0.0", dependsOn: ["a@1.0.0", "test-tool@1.0.0"] },
      { ref: "a@1.0.0", dependsOn: ["b@1.0.0"] },
      { ref: "test-tool@1.0.0" },
    ],
  };
  const bundled = ["a", "b"].map((name) => ({ name, version: "1.0.0" })) as BundledPackage[];
  const options = { bundled, nodeVersion: "26.0.0", timestamp: "2026-01-01T00:00:00.000Z" };

  it("has what the bundle holds, and Node.js, and no test tool", () => {
    const { components, dependencies } = shippedBom(bom, options);
    expect(components.map(({ name }) => name)).toEqual(["a", "b", "node"]);
    expect(dependencies).toEqual([
      { ref: "us@1.0.0", dependsOn: ["a@1.0.0"] },
      { ref: "a@1.0.0", dependsOn: ["b@1.0.0"] },
    ]);
  });

  it("is the same for the same commit, and another for another", () => {
    expect(shippedBom(bom, options)).toEqual(shippedBom(bom, options));
    const other = shippedBom(bom, { ...options, nodeVersion: "26.0.1" });
    expect(other).not.toHaveProperty("serialNumber", Reflect.get(shippedBom(bom, options), "serialNumber"));
  });

  it("is refused where the bundle holds what npm does not know", () => {
    const more = [...bundled, { name: "c", version: "1.0.0" } as BundledPackage];
    expect(() => shippedBom(bom, { ...options, bundled: more })).toThrow("lacks c@1.0.0");
  });
});

describe("the released image", () => {
  const image = releasedImage("ghcr.io/acme/op", DIGEST);

  it.each([
    ["op", DIGEST],
    ["ghcr.io/acme/op:1.0", DIGEST],
    ["ghcr.io/Acme/op", DIGEST],
    ["ghcr.io/acme/op", "sha256:1"],
    ["ghcr.io/acme/op", ""],
  ])("is not %s with %s", (repository, digest) => {
    expect(() => releasedImage(repository, digest)).toThrow();
  });

  it("is written into the chart's values, and nothing else of them changes", () => {
    const values = '# c\nimage:\n  # where\n  repository: x\n  tag: ""\n  # d\n  digest: ""\nother: [a, b]\n';
    expect(valuesWithImage(values, image)).toBe(
      `# c\nimage:\n  # where\n  repository: ghcr.io/acme/op\n  tag: ""\n  # d\n  digest: "${DIGEST}"\nother: [ a, b ]\n`,
    );
    expect(() => valuesWithImage("image: {repository: x}", image)).toThrow("no value image.digest");
  });

  it("is written into a manifest that names it once, and into no other", () => {
    const line = "      image: aws-account-scan-operator:1.0.0\n";
    expect(manifestWithImage(`a\n${line}b\n`, image)).toBe(`a\n      image: ghcr.io/acme/op@${DIGEST}\nb\n`);
    expect(() => manifestWithImage(`${line}${line}`, image)).toThrow("2 times");
    expect(() => manifestWithImage("image: other:1\n", image)).toThrow("0 times");
  });
});

it("differences are files of one side and files that are otherwise", () => {
  const one = new Map([
    ["a", "1"],
    ["b", "1"],
    ["c", "1"],
  ]);
  const other = new Map([
    ["a", "1"],
    ["b", "2"],
    ["d", "1"],
  ]);
  expect(differences(one, other)).toEqual(["b", "c", "d"]);
});
