import { expect, test } from "vitest";
import { cutPage } from "./pages.ts";

const ALL = Array.from({ length: 10 }, (_, at) => String.fromCharCode(97 + at));

test.each([
  ["no overlap", 0, 4, ["abcd", "efgh", "ij"]],
  ["an overlap of one", 1, 4, ["abcd", "defg", "ghij"]],
  ["an overlap of two", 2, 4, ["abcd", "cdef", "efgh", "ghij"]],
  ["an overlap as long as a page", 2, 2, ["ab", "abc", "bcd", "cde", "def", "efg", "fgh", "ghi", "hij"]],
])("pages with %s lose nothing and end", (_, overlap, size, pages) => {
  expect(pagesOf(overlap, size)).toEqual(pages);
});

function pagesOf(overlap: number, size: number): string[] {
  const pages: string[] = [];
  let token: string | undefined;
  do {
    const page = cutPage(ALL, { token, size, overlap, list: "letters", key: (letter) => letter });
    pages.push(page.items.join(""));
    token = page.nextToken;
  } while (token !== undefined);
  return pages;
}
