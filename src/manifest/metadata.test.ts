import { expect, it } from "vitest";
import { decodeMetadata, validateMetadata } from "./metadata.ts";

const fields = (metadata: Parameters<typeof validateMetadata>[0]) =>
  validateMetadata(metadata).map(({ field, detail }) => `${field}: ${detail}`);

it.each([
  [{ name: "a.b-c" }],
  [{ generateName: "a-" }],
  [{ name: "a", namespace: "team-1", labels: { "a.b/C_d": "" }, annotations: { "A/b": "any thing" } }],
  [{ name: "a", labels: null, finalizers: ["a.b/c"] }],
])("accepts %j", (metadata) => {
  expect(fields(metadata)).toEqual([]);
});

it.each([
  [{}, "metadata.name: name or generateName is required"],
  [{ name: "A" }, "metadata.name: a lowercase RFC 1123 subdomain"],
  [{ name: "a".repeat(254) }, "metadata.name: must be no more than 253 characters"],
  [{ generateName: "A-" }, "metadata.generateName: a lowercase"],
  [{ name: "a", namespace: "a.b" }, "metadata.namespace: must not contain dots"],
  [{ name: "a", namespace: "A" }, "metadata.namespace: a lowercase RFC 1123 label"],
  [{ name: "a", labels: { "/b": "c" } }, "metadata.labels: prefix part must be non-empty"],
  [{ name: "a", labels: { a: "-" } }, "metadata.labels: a valid label must be an empty string or consist of"],
  [{ name: "a", generation: -1 }, "metadata.generation: must be greater than or equal to 0"],
])("refuses %j", (metadata, expected) => {
  expect(fields(metadata)).toEqual([expect.stringContaining(expected)]);
});

it("takes null for no value, and tells of other types and of unknown fields", () => {
  const metadata = { name: null, labels: { a: 1 }, finalizers: "x", lables: {}, annotations: ["a"] };
  expect(decodeMetadata(metadata).map(({ field, reason }) => `${field} ${reason}`)).toEqual([
    "metadata.labels.a FieldValueTypeInvalid",
    "metadata.finalizers FieldValueTypeInvalid",
    "metadata.lables UnknownField",
    "metadata.annotations FieldValueTypeInvalid",
  ]);
});
