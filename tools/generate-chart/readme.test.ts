import { readFile } from "node:fs/promises";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";
import { expect, it } from "vitest";
import { chartReadme } from "./readme.ts";
import type { ValuesSchema } from "./values.ts";

type Node = DefaultTreeAdapterTypes.ChildNode;

/** The cells of each row of the page's table, as a reader sees them. */
function tableOf(markdown: string): string[][] {
  const html = micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  return all(parseFragment(html), "tr").map((row) => all(row, "td").map(text));
}

function childrenOf(node: object): readonly Node[] {
  return "childNodes" in node ? (node.childNodes as Node[]) : [];
}

function all(node: object, name: string): Node[] {
  return childrenOf(node).flatMap((child) => [
    ...(child.nodeName === name ? [child] : []),
    ...all(child, name),
  ]);
}

function text(node: Node): string {
  return "value" in node ? node.value : childrenOf(node).map(text).join("");
}

it("shows a value's path, type, default and description as they are, whatever Markdown would make of them", () => {
  const schema: ValuesSchema = {
    definitions: { mode: { description: "How.", enum: ["a|b", "c"] } },
    properties: {
      group: {
        description: "A group.",
        properties: {
          plain: { description: "For <b>all</b> *: a_b_c, `x<y*`.", type: "string", default: "|" },
          mode: { $ref: "#/definitions/mode", default: "c" },
          either: { description: "One.", anyOf: [{ type: "integer" }, { type: "string" }], default: {} },
        },
      },
    },
  };
  expect(tableOf(chartReadme(schema)).slice(1)).toEqual([
    ["group", "", "", "A group."],
    ["group.plain", "string", '"|"', "For <b>all</b> *: a_b_c, x<y*."],
    ["group.mode", '"a|b", "c"', '"c"', "How."],
    ["group.either", "integer or string", "{}", "One."],
  ]);
});

it("has a type and a default for every value of the chart that is no group", async () => {
  const file = new URL("../../charts/aws-account-scan-operator/values.schema.json", import.meta.url);
  const schema = JSON.parse(await readFile(file, "utf8")) as ValuesSchema;
  const page = chartReadme(schema);
  for (const [path = "", type, fallback, description] of tableOf(page).slice(1)) {
    expect(description, path).not.toBe("");
    // A parent chart gives these two.
    if (page.includes(`**\`${path}\`**`) || path === "enabled" || path === "global") continue;
    expect(type, path).toMatch(/^(?!any$)./);
    expect(fallback, path).not.toBe("");
  }
});
