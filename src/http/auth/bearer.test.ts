import { describe, expect, it } from "vitest";
import { bearerToken } from "./bearer.ts";

const LONGEST = "a".repeat(12 * 1024);

describe("a bearer token", () => {
  it.each([
    ["Bearer abc.def-ghi_jkl", "abc.def-ghi_jkl"],
    ["bearer abc", "abc"],
    ["BEARER abc", "abc"],
    ["Bearer   abc", "abc"],
    ["Bearer a~b+c/d==", "a~b+c/d=="],
    [`Bearer ${LONGEST}`, LONGEST],
  ])("is read from %.40j", (header, token) => {
    expect(bearerToken([header])).toBe(token);
  });

  it.each([
    [[]],
    [[""]],
    [["Bearer"]],
    [["Bearer "]],
    [["abc"]],
    [["Basic abc"]],
    [["Bearerabc"]],
    [["Bearer\tabc"]],
    [[" Bearer abc"]],
    [["Bearer abc "]],
    [["Bearer abc def"]],
    [["Bearer abc, Bearer def"]],
    [["Bearer a=b"]],
    [["Bearer ä"]],
    [["Bearer abc\n"]],
    [["Bearer abc", "Bearer abc"]],
    [[`Bearer ${LONGEST}a`]],
  ])("is not read from %.60j", (headers) => {
    expect(bearerToken(headers)).toBeUndefined();
  });
});
