import { expect, it } from "vitest";
import { suggest } from "./suggest.ts";

const KNOWN = ["interval", "schedule", "regions", "accounts", "id"];

it.each([
  ["regoins", "regions"],
  ["Interval", "interval"],
  ["account", "accounts"],
  ["shcedule", "schedule"],
])("takes %s for %s", (name, meant) => {
  expect(suggest(name, KNOWN)).toBe(meant);
});

it.each(["credentials", "", "x".repeat(10_000)])("takes %.20s for nothing that it knows", (name) => {
  expect(suggest(name, ["interval", "schedule", "regions"])).toBeUndefined();
});
