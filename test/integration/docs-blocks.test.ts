import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { parseManifests } from "../../src/manifest/manifests.ts";
import { type Block, blocksOf, inlineCodeOf } from "../../tools/docs/blocks.ts";
import { anchorsOf, linksOf } from "../../tools/docs/links.ts";
import { NEEDS, SCENES, YAML } from "../../tools/docs/marks.ts";
import { docsPages } from "../../tools/docs/pages.ts";
import { filled, placeOf, scriptOf } from "../../tools/docs/script.ts";
import { usageOf } from "../../tools/docs/usage.ts";
import { run } from "../../tools/machine/command.ts";
import { tryRender, useHelm, type Values } from "../support/chart.ts";

useHelm();

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const pages = await docsPages();
const blocks = pages.flatMap(({ page, markdown }) => blocksOf(page, markdown));
const scripts = blocks.flatMap((block) => scriptOf(block) ?? []);

/** Languages of what nobody runs; a block of commands that has none would be skipped. */
const OTHERS = ["yaml", "json", "hcl", "text", "promql", ""];

const problemsOf = async (which: readonly Block[], judge: (block: Block) => Promise<string | undefined>) => {
  const found = await Promise.all(which.map(async (block) => ({ block, problem: await judge(block) })));
  return found.flatMap(({ block, problem }) =>
    problem === undefined ? [] : [`${placeOf(block)}: ${problem}`],
  );
};

describe("every block", () => {
  it("is of a language that says whether it is run", () => {
    const known = ["sh", "bash", "console", ...OTHERS];
    expect(blocks.filter(({ language }) => !known.includes(language)).map(placeOf)).toEqual([]);
    const likeCommands = /^\s*(?:\$ )?(?:kubectl|helm|awsscan|aws|docker|npm|make|curl) /m;
    const hidden = blocks.filter(
      ({ language, text }) => ["", "text"].includes(language) && likeCommands.test(text),
    );
    // What the programs' own help shows.
    expect(hidden.map(placeOf).filter((place) => !place.startsWith("docs/commands.md"))).toEqual([]);
  });

  it("of commands is bash", async () => {
    const wrong = await problemsOf(
      scripts.map(({ block }) => block),
      async (block) => {
        const { code, stderr } = await run("bash", ["-n"], { input: scriptOf(block)?.text ?? "" });
        return code === 0 ? undefined : stderr;
      },
    );
    expect(wrong).toEqual([]);
  });

  it("calls our commands as they are, run or not", () => {
    const judged = scripts.map(({ block, text }) => ({ place: placeOf(block), ...usageOf(text) }));
    expect(
      judged.flatMap(({ place, problems }) => problems.map((problem) => `${place}: ${problem}`)),
    ).toEqual([]);
    expect(judged.reduce((sum, { calls }) => sum + calls, 0)).toBeGreaterThan(30);
  });

  it("of YAML is a manifest, or says what else it is", async () => {
    const yaml = blocks.filter(({ language }) => language === "yaml");
    expect(await problemsOf(yaml, problemOfYaml)).toEqual([]);
  });
});

async function problemOfYaml({ text, words }: Block): Promise<string | undefined> {
  const documents = parseAllDocuments(text);
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error !== undefined) return error.message;
  const [kind, ...more] = words;
  if (more.length > 0 || (kind !== undefined && !Object.hasOwn(YAML, kind)))
    return `${words.join(" ")} is no kind`;
  if (kind === "part") return undefined;
  const values =
    kind === "values" ? [parse(text) as unknown] : documents.flatMap((document) => valuesIn(document.toJS()));
  for (const given of values) {
    const { code, stderr } = await tryRender((given ?? {}) as Values);
    if (code !== 0) return stderr;
  }
  if (kind === "values") return undefined;
  const head = "apiVersion: awsaccountscan.dev/v1alpha1\nkind: AwsAccountScan\nmetadata:\n  name: x\n";
  const { problems, scans, skipped } = parseManifests(kind === "scan" ? `${head}${text}` : text, "block");
  // Others' kinds are theirs to judge.
  const ours = problems.filter(
    ({ message }) => scans.length > 0 || skipped.length === 0 || /awsaccountscan/.test(message),
  );
  return ours[0]?.message;
}

/** The chart's values that an object of Argo CD or Flux holds. */
function valuesIn(object: unknown): unknown[] {
  const { kind, spec } = object as {
    kind?: string;
    spec?: { values?: unknown; source?: { helm?: { valuesObject?: unknown } } };
  };
  if (kind === "Application") return [spec?.source?.helm?.valuesObject];
  return kind === "HelmRelease" ? [spec?.values] : [];
}

describe("code within a line", () => {
  it("calls our commands as they are", () => {
    const problems = pages.flatMap(({ page, markdown }) =>
      inlineCodeOf(page, markdown)
        .filter(({ text }) => /\b(?:kubectl[ -])?awsscan [a-z]/.test(text) && !/[…*]/.test(text))
        .flatMap((code) => {
          const { problems: all, omissions } = usageOf(filled(code.text));
          const wrong = all.filter((problem) => !omissions.includes(problem));
          return wrong.map((problem) => `${placeOf(code)}: ${problem}`);
        }),
    );
    expect(problems).toEqual([]);
  });
});

describe("the marks", () => {
  it("have no word that no block carries", () => {
    const used = (words: readonly (string | undefined)[], known: object) =>
      Object.keys(known).filter((word) => !words.includes(word));
    expect(
      used(
        scripts.flatMap(({ needs }) => needs),
        NEEDS,
      ),
    ).toEqual([]);
    // Every page begins with the first one.
    expect(used([...scripts.map(({ on }) => on), "installed"], SCENES)).toEqual([]);
    expect(
      used(
        blocks.flatMap(({ words }) => words),
        YAML,
      ),
    ).toEqual([]);
  });

  it("leave most blocks to be run", () => {
    const marked = scripts.filter(({ needs }) => needs.length > 0);
    expect(marked.length).toBeLessThan(scripts.length / 2);
  });

  it.each(["needs=patience", "on=fire", "needs", "fast"])("are no others, such as %s", (word) => {
    const block: Block = { page: "x.md", line: 1, language: "sh", words: [word], text: "true\n" };
    expect(() => scriptOf(block)).toThrow(/x\.md:1: `.*` is no mark/);
  });
});

describe("every link", () => {
  const anchors = new Map(pages.map(({ page, markdown }) => [page, anchorsOf(markdown)]));

  it.each(pages.map(({ page }) => page))("of %s leads somewhere", (page) => {
    const markdown = pages.find((candidate) => candidate.page === page)?.markdown ?? "";
    const broken = linksOf(page, markdown).filter(({ path, anchor }) => {
      if (!existsSync(`${ROOT}${path}`)) return true;
      const headings = anchors.get(path);
      return (
        anchor !== "" && !statSync(`${ROOT}${path}`).isDirectory() && headings?.includes(anchor) === false
      );
    });
    expect(broken).toEqual([]);
  });
});

describe("docs/threat-model.md", () => {
  it("names tests that there are", async () => {
    const markdown = pages.find(({ page }) => page === "docs/threat-model.md")?.markdown ?? "";
    const proofs = [...markdown.matchAll(/\]\(\.\.\/([\w/.-]+\.test\.ts)\) «([^»]+)»/g)];
    expect(proofs.length).toBeGreaterThan(15);
    for (const [, file = "", title = ""] of proofs) {
      expect(await readFile(`${ROOT}${file}`, "utf8"), file).toContain(title);
    }
  });
});

describe("docs/reliability.md", () => {
  it("names test files that there are, one at least for each promise", () => {
    const markdown = pages.find(({ page }) => page === "docs/reliability.md")?.markdown ?? "";
    const promises = markdown
      .split("\n")
      .filter((line) => line.startsWith("| ") && !/^\| (promise|what fails) /.test(line));
    expect(promises.length).toBeGreaterThan(25);
    const files = (line: string) =>
      [...line.matchAll(/`((?:test|src)\/[\w/.-]+\.test\.ts)`/g)].map(([, file = ""]) => file);
    expect(
      promises.filter((line) => files(line).length === 0 && !/`test\/chaos`|test\/chaos`/.test(line)),
    ).toEqual([]);
    expect(promises.flatMap(files).filter((file) => !existsSync(`${ROOT}${file}`))).toEqual([]);
  });
});
