import { describe, expect, it } from "vitest";
import { blocksOf, inlineCodeOf } from "./blocks.ts";
import { anchorsOf, linksOf } from "./links.ts";
import { scriptOf } from "./script.ts";

const PAGE = `# A page

\`\`\`sh needs=aws  on=empty
first

third
\`\`\`

- in a list

  ~~~console
  $ one \\
      goes on
  printed
  $ two NAMESPACE
  ~~~
- with \`code\`, and \`\` a \` b \`\`
`;

describe("blocksOf", () => {
  it("has each fence with its place, words and lines, empty ones too", () => {
    expect(blocksOf("a.md", PAGE)).toEqual([
      { page: "a.md", line: 3, language: "sh", words: ["needs=aws", "on=empty"], text: "first\n\nthird\n" },
      {
        page: "a.md",
        line: 11,
        language: "console",
        words: [],
        text: "$ one \\\n    goes on\nprinted\n$ two NAMESPACE\n",
      },
    ]);
  });

  it("ends a block that nobody closes with the page", () => {
    expect(blocksOf("a.md", "```sh\ntrue")).toMatchObject([{ text: "true\n" }]);
  });
});

describe("inlineCodeOf", () => {
  it("has what stands between backticks, and its line", () => {
    expect(inlineCodeOf("a.md", PAGE)).toEqual([
      { page: "a.md", line: 17, text: "code" },
      { page: "a.md", line: 17, text: "a ` b" },
    ]);
  });
});

describe("scriptOf", () => {
  it("has of a console what is typed, with something for each placeholder", () => {
    const [, block] = blocksOf("a.md", PAGE);
    expect(block && scriptOf(block)?.text).toBe("one \\\n    goes on\ntwo team-ml\n");
  });

  it("leaves variables and other words in capitals alone", () => {
    const [block] = blocksOf("a.md", "```sh\necho $NAMESPACE SCAN-1 REGION SCAN\n```");
    expect(block && scriptOf(block)?.text).toBe("echo $NAMESPACE SCAN-1 REGION ml-platform\n");
  });
});

describe("linksOf and anchorsOf", () => {
  it("tell where a page leads within the repository", () => {
    const page = "[a](b.md#c-d) [x](https://example.com) [up](../README.md) [here](#a-page) ![i](i.png)";
    expect(linksOf("docs/a.md", page)).toEqual([
      { path: "docs/b.md", anchor: "c-d" },
      { path: "README.md", anchor: "" },
      { path: "docs/a.md", anchor: "a-page" },
      { path: "docs/i.png", anchor: "" },
    ]);
  });

  it("name headings as GitHub does", () => {
    expect(anchorsOf("# A page\n## What `x` is, and why\n## A page\n")).toEqual([
      "a-page",
      "what-x-is-and-why",
      "a-page-1",
    ]);
  });
});
