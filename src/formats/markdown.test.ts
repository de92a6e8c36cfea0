import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";
import { describe, expect, it } from "vitest";
import { HOSTILE, resultSaying, scanResult } from "../../test/support/scan-result.ts";
import { visibleText } from "../api/visible-text.ts";
import { markdown } from "./markdown.ts";

type Node = DefaultTreeAdapterTypes.ChildNode;

/** The elements of what GitHub's parser makes of it; HTML in it is let through, as GitHub does with most of it. */
function elements(result: typeof scanResult): DefaultTreeAdapterTypes.Element[] {
  const html = micromark([...markdown(result, { color: false })].join(""), {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  const found: DefaultTreeAdapterTypes.Element[] = [];
  const visit = (node: Node) => {
    if ("tagName" in node) found.push(node);
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  parseFragment(html).childNodes.forEach(visit);
  return found;
}

function textOf(node: Node): string {
  if ("value" in node) return node.value;
  return "childNodes" in node ? node.childNodes.map(textOf).join("") : "";
}

const shape = (result: typeof scanResult) =>
  elements(result)
    .map(({ tagName }) => tagName)
    .filter((tag) => tag !== "code");

describe("markdown", () => {
  it.each(HOSTILE)("makes nothing of %j but code", (text) => {
    expect(shape(resultSaying(text))).toEqual(shape(resultSaying("harmless")));
  });

  it.each(HOSTILE.filter((text) => text.trim() !== ""))("shows %j whole, in a table's cell", (text) => {
    const cells = elements(resultSaying(text)).filter(({ tagName }) => tagName === "td");
    expect(cells.some((cell) => textOf(cell).includes(visibleText(text)))).toBe(true);
  });

  it("fits into a comment on GitHub and counts what it leaves out", { timeout: 60_000 }, () => {
    const findings = Array.from({ length: 10_000 }, () => scanResult.findings).flat();
    const text = [...markdown({ ...scanResult, findings }, { color: false })].join("");
    expect(text.length).toBeLessThan(65_536);
    const shown = text.match(/^\| (\*\*violation|unknown|exempt)/gm)?.length ?? 0;
    expect(text).toContain(`**${(70_000 - shown).toLocaleString("en-US")} findings more**`);
  });
});
