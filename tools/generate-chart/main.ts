/** Writes the files of the Helm chart that are made from others: the CRDs, and the values from their schema. */
import { mkdir, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { CHART_CRDS, generatedChartFiles } from "./files.ts";

await mkdir(CHART_CRDS, { recursive: true });
for (const { file, text } of await generatedChartFiles()) {
  await writeFile(file, text);
  console.log(`wrote ${relative(process.cwd(), fileURLToPath(file))}`);
}
