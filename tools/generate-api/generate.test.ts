import { describe, expect, it } from "vitest";
import type { CrdSchema } from "./crd.ts";
import { generateAll, outdated } from "./generate.ts";
import { toJsonSchema } from "./json-schema.ts";

describe("the generated types", () => {
  it("are what deploy/crds/ says; if not, run npm run generate", async () => {
    const paths = (await outdated()).map(({ path }) => path);
    expect(paths).toEqual([]);
  });

  it("are the same whenever they are generated", async () => {
    expect(await generateAll()).toEqual(await generateAll());
  });

  it("name what code wants to name", async () => {
    const sources = (await generateAll()).map(({ source }) => source).join("\n");
    for (const name of [
      "AwsAccountScan",
      "AwsAccountScanSpec",
      "AwsAccountScanStatus",
      "AwsAccountScanReport",
    ]) {
      expect(sources).toContain(`export interface ${name} {`);
    }
    expect(sources).toContain('export type Outcome = "Complete" | "Incomplete" | "Failed";');
  });
});

describe("toJsonSchema", () => {
  const text: CrdSchema = { type: "string" };
  const unnamed = () => undefined;

  it("lets a field that may be absent be undefined, and no other", () => {
    const schema: CrdSchema = { type: "object", required: ["a"], properties: { a: text, b: text } };
    expect(toJsonSchema(schema, "", unnamed).properties).toEqual({
      a: { type: "string" },
      b: { anyOf: [{ type: "string" }, { tsType: "undefined" }] },
    });
  });

  it("refers to a named type, also in a list", () => {
    const schema: CrdSchema = {
      type: "object",
      required: ["a"],
      properties: { a: { type: "array", items: text } },
    };
    const nameOf = (path: string) => (path === "a[]" ? "Name" : undefined);
    expect(toJsonSchema(schema, "", nameOf).properties).toEqual({
      a: { type: "array", items: { tsType: "Name" } },
    });
  });

  it("keeps null where a value of a map may be null", () => {
    const schema: CrdSchema = { type: "object", additionalProperties: { type: "string", nullable: true } };
    expect(toJsonSchema(schema, "", unnamed).additionalProperties).toEqual({ type: ["string", "null"] });
  });

  it("refuses an object without fields, naming it", () => {
    expect(() => toJsonSchema({ type: "object" }, "spec.odd", unnamed)).toThrow(/^spec\.odd: /);
  });
});
