import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { expect, it } from "vitest";
import { generatedPages } from "./pages.ts";

it.each(generatedPages().map((page) => ({ name: basename(page.file.pathname), ...page })))(
  "docs/$name is what the program says; npm run generate makes it anew",
  async ({ file, text }) => {
    expect(await readFile(file, "utf8")).toBe(text);
  },
);
