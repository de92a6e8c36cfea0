import { glob, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { CONDITION_REASONS } from "../../src/api/reasons.ts";

const ROOT = new URL("../../", import.meta.url);

/** The conditions of each reason, as the code has them. */
function ofCode(): Readonly<Record<string, readonly string[]>> {
  const pairs = Object.entries(CONDITION_REASONS).flatMap(([type, reasons]) =>
    reasons.map((reason) => ({ type, reason })),
  );
  return asObject(Map.groupBy(pairs, ({ reason }) => reason));
}

/** The same as the page's tables have them: its first two columns. */
function ofPage(page: string): Readonly<Record<string, readonly string[]>> {
  const rows = [...page.matchAll(/^\| `(\w+)` \| ([\w, ]+) \|.+\|.*\|$/gm)];
  const pairs = rows.flatMap(([, reason = "", types = ""]) =>
    types.split(", ").map((type) => ({ type, reason })),
  );
  return asObject(Map.groupBy(pairs, ({ reason }) => reason));
}

function asObject(grouped: ReadonlyMap<string, readonly { readonly type: string }[]>) {
  const entries = [...grouped].map(
    ([reason, pairs]) => [reason, pairs.map(({ type }) => type).sort()] as const,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe("docs/troubleshooting.md", () => {
  it("has every reason of every condition, with those conditions, and no other", async () => {
    expect(ofPage(await readFile(new URL("docs/troubleshooting.md", ROOT), "utf8"))).toEqual(ofCode());
  });

  it("tells of no reason that nothing sets", async () => {
    let code = "";
    for await (const file of glob("src/{aws,controller,scan,report}/**/*.ts", { cwd: fileURLToPath(ROOT) })) {
      if (!file.endsWith(".test.ts")) code += await readFile(new URL(file, ROOT), "utf8");
    }
    expect(Object.keys(ofCode()).filter((reason) => !code.includes(`"${reason}"`))).toEqual([]);
  });
});
