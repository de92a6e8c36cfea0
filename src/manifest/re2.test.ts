import { expect, it } from "vitest";
import { differenceFromRe2, regExpOf } from "./re2.ts";

it.each([
  "^[0-9]{12}$",
  "^[^*]*([*][^*]*){0,8}$",
  "[^ \t\r\n]",
  "^(ou-[a-z0-9]{4,32}|r-[a-z]+)$",
  "^a\\.b\\d$",
  "^[\t\n\r -\u00ff]*$",
])("reads %j as RE2 does", (pattern) => {
  expect(differenceFromRe2(pattern)).toBeUndefined();
});

it.each([
  "a.b",
  "^\\s$",
  "\\bx",
  "(?i)x",
  "(?:x)",
  "[[:alpha:]]",
  "^[^a]$",
  "^[^a]{3}$",
  "\\pL",
  "[\\w]",
  "^\\z",
  "👍",
])("will not read %j, which is another pattern in RE2", (pattern) => {
  expect(differenceFromRe2(pattern)).toBeDefined();
  expect(() => regExpOf(pattern)).toThrow(/RE2/);
});
