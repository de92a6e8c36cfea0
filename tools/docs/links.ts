/** Where a page leads to within the repository. Pure. */
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/** A link to a file of ours: `path` from the repository's root, empty for the page itself. */
export interface Link {
  readonly path: string;
  /** Of a heading; empty where the link has none. */
  readonly anchor: string;
}

const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;

/** The links of a page that do not leave the repository. `page` is its path from the root. */
export function linksOf(page: string, markdown: string): Link[] {
  const html = micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  return [...html.matchAll(/<(?:a|img) (?:href|src)="([^"]*)"/g)]
    .map(([, target = ""]) => decodeURI(target.replaceAll("&amp;", "&")))
    .filter((target) => !ELSEWHERE.test(target))
    .map((target) => {
      const { pathname, hash } = new URL(target, `file:///${page}`);
      return { path: pathname.slice(1), anchor: hash.slice(1) };
    });
}

/** The anchors that GitHub gives to the headings of a page. */
export function anchorsOf(markdown: string): string[] {
  const html = micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  const seen = new Map<string, number>();
  return [...html.matchAll(/<h[1-6]>(.*?)<\/h[1-6]>/g)].map(([, inner = ""]) => {
    const text = inner.replaceAll(/<[^>]*>/g, "").replaceAll(/&\w+;/g, "");
    const anchor = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}
