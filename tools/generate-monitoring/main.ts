/** Writes what Prometheus, Grafana and the chart take, from the sources in `monitoring`. */
import { mkdir, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { generatedFiles } from "./files.ts";

for (const { file, text } of generatedFiles()) {
  await mkdir(new URL(".", file), { recursive: true });
  await writeFile(file, text);
  console.log(`wrote ${relative(process.cwd(), fileURLToPath(file))}`);
}
