import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** A page that people read. */
export interface DocsPage {
  /** From the repository's root. */
  readonly page: string;
  readonly markdown: string;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGES = ["*.md", "docs/**/*.md", "charts/*/README.md", "deploy/**/*.md"];

/** Every page of the documentation, by path; what tests and tools have for input is none. */
export async function docsPages(): Promise<DocsPage[]> {
  const pages = await Array.fromAsync(glob(PAGES, { cwd: ROOT, exclude: ["node_modules/**"] }));
  return pages.sort().map((page) => ({ page, markdown: readFileSync(`${ROOT}${page}`, "utf8") }));
}
