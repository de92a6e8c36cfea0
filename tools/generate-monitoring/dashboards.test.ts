import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { dashboardFiles } from "./dashboards.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

it.each(dashboardFiles().map((made) => ({ name: fileURLToPath(made.file).slice(root.length), ...made })))(
  "$name is what its source says; npm run generate makes it anew",
  async ({ file, text }) => {
    expect(await readFile(file, "utf8")).toBe(text);
  },
);
