/** shellcheck, at its strictest, over the golden scripts and over those of hostile accounts. */
import { readdir, readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { renderCli } from "../../src/remediation/cli.ts";
import { planFor } from "../../src/remediation/planner.ts";
import { run } from "../../tools/machine/command.ts";
import { shellcheck } from "../../tools/shellcheck/shellcheck.ts";
import { domainSource, HOSTILE, notebookSource, PLACE } from "../support/remediation.ts";

const GOLDEN = new URL("../../src/remediation/golden/", import.meta.url);
const INSTALL_WITHIN_MS = 600_000;

let program = "";
beforeAll(async () => {
  program = await shellcheck();
}, INSTALL_WITHIN_MS);

/** What it finds in `script`, in its own words; one that did not run at all has found nothing, too, and fails here. */
async function findings(script: string): Promise<string> {
  const { code, stdout, stderr } = await run(program, ["--severity=style", "--format=gcc", "-"], {
    input: script,
  });
  expect({ code, stderr }).toEqual({ code: stdout === "" ? 0 : 1, stderr: "" });
  return stdout;
}

test("finds nothing in the golden scripts", async () => {
  const names = (await readdir(GOLDEN)).filter((name) => name.endsWith(".sh"));
  expect(names.length).toBeGreaterThan(5);
  for (const name of names)
    expect(await findings(await readFile(new URL(name, GOLDEN), "utf8")), name).toBe("");
});

test("finds nothing where every text is hostile", async () => {
  for (const text of HOSTILE) {
    const tags = [{ key: text, value: text }];
    const plans = [
      planFor(notebookSource({ name: text, roleArn: text, kmsKeyId: text, tags })),
      planFor(domainSource({ id: text, name: text, vpcId: text, tags })),
    ];
    expect(await findings(renderCli(plans, PLACE)), JSON.stringify(text)).toBe("");
  }
});

test("finds what is wrong, where something is", async () => {
  expect(await findings("#!/bin/bash\nrm $1\n")).toContain("SC2086");
});
