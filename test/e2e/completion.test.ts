import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cli } from "../support/cli.ts";

const run = promisify(execFile);
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "awsscan-completion-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** What bash itself offers behind `words`, the last of which is being typed. */
async function bashOffers(
  program: "awsscan" | "kubectl-awsscan",
  words: readonly string[],
): Promise<string[]> {
  const { stdout: script } = await cli(["completion", "bash"], { program });
  const file = join(folder, `${program}.bash`);
  await writeFile(file, script);
  const ask =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's
    'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); "_${1//-/_}"; printf "%s\\n" "${COMPREPLY[@]}"';
  const { stdout } = await run("bash", ["-uc", ask, "bash", file, program, ...words]);
  return stdout.split("\n").filter(Boolean);
}

describe("completion in bash", () => {
  it("offers the commands", async () => {
    expect(await bashOffers("awsscan", [""])).toEqual([
      "scan",
      "plan",
      "validate",
      "explain",
      "operator",
      "probe",
      "iam",
      "completion",
    ]);
    expect(await bashOffers("kubectl-awsscan", ["v"])).toEqual(["violations"]);
  });

  it("offers a command's flags, and the values that a flag takes", async () => {
    expect(await bashOffers("awsscan", ["scan", "--re"])).toEqual(["--regions"]);
    expect(await bashOffers("awsscan", ["scan", "-o", "j"])).toEqual(["json", "junit"]);
    expect(await bashOffers("awsscan", ["plan", "--format", "cloud"])).toEqual([
      "cloudformation-json",
      "cloudformation-yaml",
    ]);
  });

  it("offers what a command has beneath it, at any depth", async () => {
    expect(await bashOffers("awsscan", ["iam", "p"])).toEqual(["policy", "pod-identity"]);
    expect(await bashOffers("awsscan", ["iam", "trust", "scan", "--ex"])).toEqual(["--external-id"]);
    expect(await bashOffers("awsscan", ["iam", "policy", "scan", "--partition", "aws-c"])).toEqual([
      "aws-cn",
    ]);
  });

  it("offers files where a flag takes one", async () => {
    await writeFile(join(folder, "result.json"), "");
    expect(await bashOffers("awsscan", ["scan", "--baseline", `${folder}/res`])).toEqual([
      join(folder, "result.json"),
    ]);
  });
});

describe.each(["awsscan", "kubectl-awsscan"] as const)("%s", (program) => {
  it.each(["zsh", "fish"])("completes every command and flag of its help in %s", async (shell) => {
    const { stdout } = await cli(["completion", shell], { program });
    const { stdout: help } = await cli(["--help"], { program });
    const commands = [...help.matchAll(/^ {2}([a-z]+)/gm)]
      .map(([, name = ""]) => name)
      .filter((name) => name !== "help");
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) {
      expect(stdout).toContain(command);
      const { stdout: flags } = await cli([command, "--help"], { program });
      for (const [, flag = ""] of flags.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm))
        expect(stdout).toContain(flag);
    }
  });

  it("refuses a shell that it does not know", async () => {
    const { code, stderr } = await cli(["completion", "tcsh"], { program });
    expect(stderr).toMatch(/Allowed choices are bash, zsh, fish/);
    expect(code).toBe(1);
  });
});
