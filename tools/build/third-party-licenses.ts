/** What the licences of the bundled packages ask for: their words, beside the code. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type BundledPackage, compare } from "./packages.ts";

const LEGAL = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;
const RULE = "=".repeat(80);

/** A package and what its licence files say, in the order of their names. */
interface Notice {
  readonly heading: string;
  readonly text: string;
}

/**
 * One text for all of them, each wording once, headed by the packages that it belongs to. A package without a file has
 * what its package.json says. Throws for one that says nothing at all: that may not be shipped.
 */
export async function thirdPartyLicenses(packages: readonly BundledPackage[]): Promise<string> {
  const headings = new Map<string, Set<string>>();
  for (const { heading, text } of await Promise.all(packages.map(notice))) {
    headings.set(text, (headings.get(text) ?? new Set()).add(heading));
  }
  const parts = [...headings].map(
    ([text, names]) => `${RULE}\n${[...names].join("\n")}\n${RULE}\n\n${text}\n`,
  );
  return `This product contains code of the packages below, under the terms that follow their names.\n\n${parts.join("\n")}`;
}

async function notice({ name, version, license, folder }: BundledPackage): Promise<Notice> {
  const files = (await readdir(folder)).filter((file) => LEGAL.test(file)).sort(compare);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  const heading = `${name} ${version} (${license ?? "see below"})`;
  if (texts.length > 0) return { heading, text: texts.map(normalised).join("\n\n") };
  if (license === undefined) throw new Error(`${name} ${version} has neither a licence nor a file with one`);
  return { heading, text: `Licensed under ${license}; the package carries no text of it.` };
}

function normalised(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}
