import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };
import { run } from "../../tools/machine/command.ts";
import { actionlint, zizmor } from "../../tools/release/linters.ts";
import { shellcheck } from "../../tools/shellcheck/shellcheck.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const WORKFLOWS = join(ROOT, ".github/workflows");

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[];
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const files = (await readdir(WORKFLOWS)).sort();
const text = (file: string) => readFile(join(WORKFLOWS, file), "utf8");

describe("the workflows", () => {
  it("have no mistake that actionlint and shellcheck know of", async () => {
    const args = ["-no-color", `-shellcheck=${await shellcheck()}`, "-pyflakes="];
    const { code, stdout, stderr } = await run(await actionlint(), [
      ...args,
      ...files.map((file) => join(WORKFLOWS, file)),
    ]);
    expect(`${stdout}${stderr}`).toBe("");
    expect(code).toBe(0);
  });

  it("have no weakness that zizmor knows of, pedantically", async () => {
    const args = ["--offline", "--pedantic", "--no-progress", "--color=never", "--format=plain", WORKFLOWS];
    const { code, stdout, stderr } = await run(await zizmor(), args);
    expect(`${code}\n${stdout}\n${stderr}`).toMatch(/^0\n/);
  });

  it.each(files)(
    "%s grants nothing but what a job says, and every action is a commit with its version",
    async (file) => {
      const { permissions, jobs } = parse(await text(file)) as Workflow;
      expect(permissions).toEqual({});
      for (const [name, job] of Object.entries(jobs)) {
        expect(job["timeout-minutes"], name).toBeGreaterThan(0);
        expect(job.permissions, name).toBeDefined();
      }
      const uses = (await text(file)).match(/uses: .*/g) ?? [];
      expect(uses.length).toBeGreaterThan(0);
      for (const use of uses) expect(use).toMatch(/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    },
  );

  it("use one commit of an action, and the Node.js of package.json", async () => {
    const all = (await Promise.all(files.map(text))).join("\n");
    const commits = new Map<string, Set<string>>();
    for (const [, action = "", commit = ""] of all.matchAll(/uses: ([^@/]+\/[^@/]+)\S*@(.*)/g))
      commits.set(action, (commits.get(action) ?? new Set()).add(commit));
    for (const [action, found] of commits) expect([...found], action).toHaveLength(1);
    const versions = [...all.matchAll(/node-version: (\S+)/g)].map(([, version]) => version);
    expect(new Set(versions)).toEqual(new Set([packageJson.devDependencies.node]));
  });

  it("can push, sign and publish for a tag alone", async () => {
    const writers = [];
    for (const file of files) {
      const { jobs } = parse(await text(file)) as Workflow;
      for (const [name, { permissions = {} }] of Object.entries(jobs)) {
        const written = Object.entries(permissions)
          .filter(([, access]) => access === "write")
          .map(([scope]) => scope);
        if (written.length > 0) writers.push([`${file} ${name}`, written]);
      }
    }
    expect(Object.fromEntries(writers)).toEqual({
      "codeql.yaml analyze": ["security-events"],
      "release.yaml image": ["packages", "id-token", "attestations"],
      "release.yaml publish": ["contents", "packages", "id-token", "attestations"],
    });
    expect(parse(await text("release.yaml"))).toMatchObject({ on: { push: { tags: ["v*"] } } });
  });
});
