import { describe, expect, it } from "vitest";
import { FORMATS } from "./formats.ts";
import { compileRules, evaluateRules } from "./rules.ts";
import { KEYWORDS, SCAN_SCHEMA, type StructuralSchema, type ValidationRule } from "./schema.ts";
import type { Json } from "./yaml/json.ts";

function* parts(schema: StructuralSchema): Generator<StructuralSchema> {
  yield schema;
  for (const field of Object.values(schema.properties ?? {})) yield* parts(field);
  if (schema.items !== undefined) yield* parts(schema.items);
  if (schema.additionalProperties !== undefined) yield* parts(schema.additionalProperties);
}

const broken = (schema: StructuralSchema, value: Json) =>
  evaluateRules(compileRules(schema), value).map(({ field, reason, value, detail }) => ({
    field,
    reason,
    value,
    detail,
  }));

const withRule = (rule: ValidationRule, type = "string"): StructuralSchema => ({
  type,
  "x-kubernetes-validations": [rule],
});

describe("the CRD", () => {
  it("has only rules that are evaluated here as the API server evaluates them", () => {
    expect(
      [...parts(SCAN_SCHEMA)].flatMap((part) => part["x-kubernetes-validations"] ?? []).length,
    ).toBeGreaterThan(40);
    expect(() => compileRules(SCAN_SCHEMA)).not.toThrow();
  });

  it("has only keywords that are evaluated here", () => {
    const used = new Set([...parts(SCAN_SCHEMA)].flatMap((part) => Object.keys(part)));
    expect([...used].filter((keyword) => !KEYWORDS.has(keyword))).toEqual([]);
  });

  it("has only formats that are checked here", () => {
    const formats = [...parts(SCAN_SCHEMA)].flatMap(({ type, format }) =>
      type === "string" && format ? [format] : [],
    );
    expect(formats.filter((format) => !FORMATS.has(format))).toEqual([]);
  });
});

describe("compileRules", () => {
  it.each([
    ["a function that is not there", "self.isBetter()"],
    ["a variable that is not there", "request.user == 'x'"],
    ["no CEL", "self =="],
    ["a pattern that JavaScript reads otherwise", "self.matches('^.*$')"],
    ["a pattern that is made", "self.matches('^' + self)"],
  ])("refuses a rule with %s", (_what, rule) => {
    expect(() => compileRules(withRule({ rule }))).toThrow();
  });

  it("leaves out rules on what was before", () => {
    expect(broken(withRule({ rule: "self == oldSelf" }), "x")).toEqual([]);
  });
});

describe("evaluateRules", () => {
  it("tells the value of text, and not that of an object", () => {
    const message = "no";
    expect(broken(withRule({ rule: "self == 'a'", message }), "b")).toEqual([
      { field: "", reason: "FieldValueInvalid", value: '"b"', detail: "no" },
    ]);
    expect(broken(withRule({ rule: "has(self.a)", message }, "object"), {})).toEqual([
      { field: "", reason: "FieldValueInvalid", value: undefined, detail: "no" },
    ]);
  });

  it.each([
    ["is made", "'not ' + self", "not x"],
    ["cannot be made", "self.split(':')[9]", "fixed"],
    ["is blank", "'  '", "fixed"],
    ["has several lines", "'a\\nb'", "fixed"],
  ])("takes the fixed message unless one %s", (_what, messageExpression, detail) => {
    const rule = { rule: "false", message: "fixed", messageExpression };
    expect(broken(withRule(rule), "x")).toMatchObject([{ detail }]);
  });

  it("tells the rule where there is no message", () => {
    expect(broken(withRule({ rule: "false" }), "x")).toMatchObject([{ detail: "failed rule: false" }]);
  });

  it("tells of a rule that fails rather than passing over it", () => {
    expect(broken(withRule({ rule: "self.split(':')[9] == 'x'", message: "m" }), "x")).toMatchObject([
      { field: "", detail: expect.stringContaining("evaluating rule: m") },
    ]);
  });

  it("knows times, integers, keys of maps, and names that CEL keeps for itself", () => {
    const schema: StructuralSchema = {
      type: "object",
      properties: {
        namespace: { type: "string" },
        at: { type: "string", format: "date-time" },
        count: { type: "integer" },
        tags: { type: "object", additionalProperties: withRule({ rule: "self != 'x'", message: "is x" }) },
      },
      "x-kubernetes-validations": [
        { rule: "self.__namespace__ == 'n'" },
        { rule: "self.at < timestamp('2027-01-01T00:00:00Z')" },
        { rule: "self.count + 1 == 3" },
        { rule: "'a-b' in self.tags" },
      ],
    };
    const value = { namespace: "n", at: "2026-01-01T00:00:00Z", count: 2, tags: { "a-b": "x" } };
    expect(broken(schema, value)).toEqual([
      { field: "tags[a-b]", reason: "FieldValueInvalid", value: '"x"', detail: "is x" },
    ]);
  });
});
