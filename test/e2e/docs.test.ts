import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Block, blocksOf } from "../../tools/docs/blocks.ts";
import type { Scene } from "../../tools/docs/marks.ts";
import { docsPages } from "../../tools/docs/pages.ts";
import { placeOf, type Script, scriptOf } from "../../tools/docs/script.ts";
import { prepareHelm } from "../../tools/helm/helm.ts";
import { runOrThrow } from "../../tools/machine/command.ts";
import { goProgram } from "../../tools/machine/go-program.ts";
import { AMTOOL, PROMTOOL } from "../../tools/monitoring/programs.ts";
import { giveFiles, type RunningScene, startScene } from "../support/docs-scenes.ts";
import { type DocsShell, startDocsShell } from "../support/docs-shell.ts";

const scripts = new Map<string, readonly Script[]>();
for (const { page, markdown } of await docsPages()) {
  const found = blocksOf(page, markdown)
    .flatMap((block) => scriptOf(block) ?? [])
    .filter(({ needs }) => needs.length === 0);
  if (found.length > 0) scripts.set(page, found);
}

let shell: DocsShell | undefined;
let main: RunningScene | undefined;
beforeAll(async () => {
  const kubectl = (await runOrThrow("sh", ["-c", "command -v kubectl"])).trim();
  shell = await startDocsShell({
    kubectl,
    helm: await prepareHelm(),
    amtool: await goProgram(AMTOOL),
    promtool: await goProgram(PROMTOOL),
  });
  await giveFiles(shell.folder);
  main = await startScene("installed");
  // Yesterday was as today.
  expect(await run("awsscan scan -f scan.yaml -o json > yesterday.json", main)).toEqual([]);
}, 900_000);
afterAll(async () => {
  await main?.stop();
  await shell?.stop();
});

async function run(text: string, scene: RunningScene): Promise<string[]> {
  if (shell === undefined) throw new Error("the shell starts in beforeAll");
  return shell.run(text, scene.env);
}

/** Runs the blocks of a page one after the other, as somebody who reads it from above. */
async function runPage(blocks: readonly Script[]): Promise<string[]> {
  if (main === undefined) throw new Error("the cluster starts in beforeAll");
  const scenes = new Map<Scene, RunningScene>();
  const wrong: string[] = [];
  let scene = main;
  const enter = async (on: Scene): Promise<RunningScene> => {
    if (main === undefined || on === "installed") return main ?? scene;
    const known = scenes.get(on);
    // What begins with an empty cluster has nothing of before.
    if (known !== undefined && on !== "empty") return known;
    await known?.stop();
    const started = await startScene(on);
    scenes.set(on, started);
    return started;
  };
  try {
    for (const { block, text, on } of blocks) {
      if (on !== undefined) scene = await enter(on);
      for (const what of await run(text, scene)) wrong.push(`${placeOf(block)}: ${what}`);
    }
  } finally {
    for (const started of scenes.values()) await started.stop();
  }
  return wrong;
}

describe("the commands of", () => {
  it.each([...scripts.keys()])(
    "%s do what they say",
    async (page) => {
      expect(await runPage(scripts.get(page) ?? [])).toEqual([]);
    },
    600_000,
  );
});

describe("a page would be refused for", () => {
  const block = (text: string, language = "sh"): Block => ({
    page: "x.md",
    line: 1,
    language,
    words: [],
    text,
  });

  it.each([
    [
      "a flag that there is none of",
      "kubectl get aas --no-such-flag",
      /^x\.md:1: 1 kubectl get aas --no-such-flag/,
    ],
    ["a kind that there is none of", "kubectl get awsscans -A", /awsscans/],
    [
      "an option of ours that there is none of",
      "awsscan scan --region us-east-1",
      /^x\.md:1: 1 awsscan scan/,
    ],
    ["the same by kubectl", "kubectl awsscan violations --outptu json", /1 kubectl-awsscan/],
    ["a command that there is none of", "awscan scan", /^x\.md:1: 127 awscan scan/],
    ["the first of a pipe", "kubectl get nothing | grep x", /1 kubectl get nothing/],
    [
      "a field that there is none of",
      `kubectl patch aas ml-platform -n team-ml --type merge -p '{"spec":{"suspended":true}}'`,
      /suspended|unknown field/,
    ],
    ["a file that there is none of", "cat no-such-file", /1 cat no-such-file/],
    ["what it shows behind a prompt", "$ kubectl get nothing\nNAME", /1 kubectl get nothing/],
  ])("%s", async (_what, text, message) => {
    const script = scriptOf(block(text, text.startsWith("$") ? "console" : "sh"));
    expect((await runPage(script === undefined ? [] : [script])).join()).toMatch(message);
  });
});
