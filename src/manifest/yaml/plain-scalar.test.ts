import { expect, it } from "vitest";
import { resolvePlain } from "./plain-scalar.ts";

it.each<[string, string | number | boolean | null]>([
  ["yes", true],
  ["Off", false],
  ["y", true],
  ["yEs", "yEs"],
  ["", null],
  ["~", null],
  ["NULL", null],
  ["nUll", "nUll"],
  ["12", 12],
  ["+12", 12],
  ["-1_0", -10],
  ["0123", 83],
  ["0o17", 15],
  ["089", 89],
  ["012345678901", 12345678901],
  ["0x1F", 31],
  ["-0b11", -3],
  ["1e3", 1000],
  [".5", 0.5],
  ["1.", 1],
  ["1e999", "1e999"],
  ["0xFFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFFF"],
  ["1:30", "1:30"],
  ["2027-01-31", "2027-01-31"],
  ["2027-01-31T00:00:00Z", "2027-01-31T00:00:00Z"],
  ["._5", "._5"],
  ["1h", "1h"],
  ["-", "-"],
  [".", "."],
])("reads %j as %j", (text, value) => {
  expect(resolvePlain(text)).toBe(value);
});

it("reads .nan and .inf as numbers that JSON does not have", () => {
  expect([".nan", "-.INF", ".Inf"].map(resolvePlain)).toEqual([Number.NaN, -Infinity, Infinity]);
});
