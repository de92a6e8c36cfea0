/** Writes the pages of `docs` that are made from the program's own data. */
import { writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { generatedPages } from "./pages.ts";

for (const { file, text } of generatedPages()) {
  await writeFile(file, text);
  console.log(`wrote ${relative(process.cwd(), fileURLToPath(file))}`);
}
