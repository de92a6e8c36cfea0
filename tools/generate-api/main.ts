/**
 * Writes the TypeScript types of our API from its CRDs. With --check it writes nothing and exits 1 where the types
 * in the tree are not what the CRDs say.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { generateAll, outdated } from "./generate.ts";

const args = process.argv.slice(2);
if (args.length > 1 || (args[0] !== undefined && args[0] !== "--check")) {
  console.error(`generate-api knows no ${args.join(" ")}; it takes --check or nothing`);
  process.exitCode = 2;
} else if (args[0] === "--check") {
  for (const { path } of await outdated()) {
    console.error(`${relative(process.cwd(), path)} is not what deploy/crds/ says; run npm run generate`);
    process.exitCode = 1;
  }
} else {
  for (const { path, source } of await generateAll()) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, source);
    console.log(`wrote ${relative(process.cwd(), path)}`);
  }
}
