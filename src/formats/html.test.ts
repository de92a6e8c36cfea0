import fc from "fast-check";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { describe, expect, it } from "vitest";
import { HOSTILE, interruptedResult, resultSaying, scanResult } from "../../test/support/scan-result.ts";
import { visibleText } from "../api/visible-text.ts";
import { html } from "./html.ts";

type Element = DefaultTreeAdapterTypes.Element;

function elements(result: typeof scanResult): Element[] {
  const found: Element[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node) => {
    if ("tagName" in node) found.push(node);
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  visit(parse([...html(result, { color: false })].join("")));
  return found;
}

function textOf(node: DefaultTreeAdapterTypes.Node): string {
  if ("value" in node) return node.value;
  return "childNodes" in node ? node.childNodes.map(textOf).join("") : "";
}

/** Elements and their attributes' names, without those that only texts that are not empty have. */
const shape = (result: typeof scanResult) =>
  elements(result).map(({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join(" ")}`);

describe("html", () => {
  it("has the same elements, and shows the text whole, whatever an account says", { timeout: 60_000 }, () => {
    const harmless = [shape(resultSaying("not plain")), shape(resultSaying("plain"))];
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary" })), (text) => {
        fc.pre(text !== "");
        const spelt = visibleText(text);
        const result = resultSaying(text);
        const written = shape(result);
        // With a command to copy, where the ARN is plain, or without it.
        expect(harmless).toContainEqual(written);
        const [first] = elements(result)
          .filter(({ attrs }) => attrs.some(({ value }) => value === "rowheader"))
          .slice(4);
        expect(textOf(first as Element)).toBe(`${spelt}notebook instance`);
        expect(written.filter((tag) => /^(script|img|svg|iframe|style)/.test(tag))).toEqual([
          "style ",
          "script ",
        ]);
      }),
      { numRuns: 60 },
    );
  });

  it("refers to nothing outside but the references that a reader may follow", () => {
    const urls = elements(scanResult).flatMap(({ attrs, tagName }) =>
      attrs
        .filter(({ name }) => /^(src|href|action|data|poster|style|on.*)$/.test(name))
        .map(({ name, value }) => `${tagName} ${name} ${value}`),
    );
    expect(
      urls.filter(
        (url) => !/^a href (#[\w-]+|https:\/\/(docs\.aws\.amazon|www\.trendmicro)\.com\/\S+)$/.test(url),
      ),
    ).toEqual([]);
  });

  it("has every anchor that it links to, once", () => {
    const all = elements(scanResult);
    const attributes = (name: string) =>
      all.flatMap(({ attrs }) => attrs.filter((attr) => attr.name === name));
    const ids = attributes("id").map(({ value }) => value);
    expect(new Set(ids).size).toBe(ids.length);
    const anchors = attributes("href").filter(({ value }) => value.startsWith("#"));
    expect(anchors.length).toBeGreaterThan(1);
    for (const { value } of anchors) expect(ids).toContain(value.slice(1));
  });

  it("says aloud that a scan was interrupted", () => {
    const text = [...html(interruptedResult, { color: false })].join("");
    expect(text).toContain("Interrupted: the scan was ended before it was done");
    expect(text).toContain('class="banner incomplete"');
  });

  it("writes the plan's command for what can be put right", () => {
    const commands = elements(scanResult)
      .filter(({ attrs }) => attrs.some(({ value }) => value === "command"))
      .map(textOf);
    expect(commands).toEqual([
      "awsscan plan arn:aws:sagemaker:eu-central-1:111122223333:notebook-instance/churn-model",
      "awsscan plan arn:aws:sagemaker:us-east-1:111122223333:domain/d-22xyz",
      "awsscan plan arn:aws:sagemaker:us-east-1:111122223333:notebook-instance/known-but-unread",
    ]);
  });
});
