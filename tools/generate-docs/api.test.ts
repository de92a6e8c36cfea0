import { readFile } from "node:fs/promises";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { parse as parseHtml } from "parse5";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { apiPage } from "./api.ts";

const FILES = ["awsaccountscans.awsaccountscan.dev.yaml", "awsaccountscanreports.awsaccountscan.dev.yaml"];
const crd = async (file: string) =>
  parse(await readFile(new URL(`../../deploy/crds/${file}`, import.meta.url), "utf8")) as unknown;

/** Every value of `key` at any depth, with nothing of how the page is made. */
function valuesOf(key: string, node: unknown): unknown[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    name === key && typeof value !== "object" ? [value, ...valuesOf(key, value)] : valuesOf(key, value),
  );
}

interface Node {
  readonly nodeName: string;
  readonly value?: string;
  readonly childNodes?: readonly Node[];
}

const textOf = (node: Node): string => node.value ?? (node.childNodes ?? []).map(textOf).join("");

function* elements(node: Node, name: string): Iterable<Node> {
  if (node.nodeName === name) yield node;
  for (const child of node.childNodes ?? []) yield* elements(child, name);
}

/** The page as a reader sees it. */
const seen = () => {
  const html = micromark(apiPage(FILES), { extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  return parseHtml(html) as unknown as Node;
};

describe("docs/api.md", () => {
  it("tells every message that the API server refuses with", async () => {
    const page = textOf(seen());
    const messages = (await Promise.all(FILES.map(crd))).flatMap((file) => valuesOf("message", file));
    expect(messages.length).toBeGreaterThan(30);
    for (const message of messages) expect(page).toContain(message);
  });

  it("tells every description, and of a table's row no cell too many", () => {
    const rows = [...elements(seen(), "tr")].map((row) => [...elements(row, "td")].length);
    expect(new Set(rows)).toEqual(new Set([0, 3]));
    expect(rows.length).toBeGreaterThan(100);
  });

  it("has a row for fields of objects in lists, with their bounds", () => {
    const page = apiPage(FILES);
    expect(page).toMatch(
      /^\| `spec\.accounts\[\]\.id` \| string, required \| .*«id is not an AWS account id/m,
    );
    expect(page).toMatch(/^\| `spec\.suspend` \| boolean \| .*Default: `false`/m);
    expect(page).toMatch(/^\| `spec\.interval` \| string \| .*«interval is too short; give at least 1m»/m);
  });
});
