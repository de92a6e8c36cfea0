import { describe, expect, it } from "vitest";
import { builtInSchemas, crdSchemas, type OpenApi, type Schema } from "./schemas.ts";

const PREFIX = "io.k8s.api.apps.v1.";

/** What becomes of a built-in type. */
function built(schema: Schema): unknown {
  const name = `${PREFIX}Type`;
  const [file] = builtInSchemas({ definitions: { [name]: schema } });
  const definitions = file?.schema["definitions"] as OpenApi["definitions"] | undefined;
  return definitions?.[name];
}

describe("a strict schema", () => {
  it("closes objects whose fields are named, at every depth", () => {
    const open = { properties: { a: { items: { properties: { b: { type: "string" } } } } } };
    expect(built(open)).toEqual({
      properties: {
        a: { items: { properties: { b: { type: "string" } }, additionalProperties: false } },
      },
      additionalProperties: false,
    });
  });

  it.each([
    { what: "a map", schema: { type: "object", additionalProperties: { type: "string" } } },
    { what: "an object without fields", schema: { type: "object" } },
    {
      what: "one that keeps what it does not know",
      schema: { properties: { a: {} }, "x-kubernetes-preserve-unknown-fields": true },
    },
    { what: "a list of required names", schema: { required: ["properties"] } },
  ])("leaves $what as it is", ({ schema }) => {
    expect(built(schema)).toEqual(schema);
  });

  it("takes fields named like keywords for fields", () => {
    expect(built({ properties: { $ref: { type: "string" }, properties: { type: "object" } } })).toEqual({
      properties: { $ref: { type: "string" }, properties: { type: "object" } },
      additionalProperties: false,
    });
  });

  it.each([{ "x-kubernetes-int-or-string": true }, { type: "string", format: "int-or-string" }])(
    "lets a port be a name or a number (%j)",
    (schema) => {
      expect(built(schema)).toEqual({ type: ["integer", "string"] });
    },
  );

  it("refers to other types in the file of definitions", () => {
    const $ref = `#/definitions/${PREFIX}Other`;
    expect(built({ items: { $ref } })).toEqual({ items: { $ref: `definitions.json${$ref}` } });
  });
});

describe("a file for each kind", () => {
  it("is named by kind, the first part of the group, and version", () => {
    const kinds = [
      { group: "", version: "v1", kind: "Service" },
      { group: "networking.k8s.io", version: "v1", kind: "NetworkPolicy" },
    ];
    const definitions = { "io.k8s.a": { "x-kubernetes-group-version-kind": kinds }, "com.example.b": {} };
    expect(builtInSchemas({ definitions }).map(({ name }) => name)).toEqual([
      "definitions.json",
      "service-v1.json",
      "networkpolicy-networking-v1.json",
    ]);
  });

  it("of a CRD knows the metadata that every object has", () => {
    const openAPIV3Schema = { type: "object", properties: { metadata: { type: "object" }, spec: {} } };
    const versions = [{ name: "v1alpha1", schema: { openAPIV3Schema } }];
    const [file] = crdSchemas({ spec: { group: "example.com", names: { kind: "Thing" }, versions } });
    expect(file).toMatchObject({
      name: "thing-example-v1alpha1.json",
      schema: {
        additionalProperties: false,
        properties: { metadata: { $ref: expect.stringMatching(/^definitions\.json#.*ObjectMeta$/) } },
      },
    });
  });
});
