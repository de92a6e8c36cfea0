/** Writes the files below `deploy` that are made from others there. */
import { writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { generatedDeployFiles } from "./files.ts";

for (const { file, text } of await generatedDeployFiles()) {
  await writeFile(file, text);
  console.log(`wrote ${relative(process.cwd(), fileURLToPath(file))}`);
}
