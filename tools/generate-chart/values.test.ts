import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type ValuesSchema, valuesYaml } from "./values.ts";

describe("valuesYaml", () => {
  it("writes each value's description above its default, groups nested", () => {
    const schema: ValuesSchema = {
      properties: {
        global: { description: "Not read." },
        image: { description: "The image.", properties: { tag: { description: "Its tag.", default: "" } } },
        limits: { description: "Limits.", default: { memory: "1Gi" } },
      },
    };
    expect(valuesYaml(schema).split("\n").slice(2)).toEqual([
      "# Not read.",
      "# global:",
      "",
      "# The image.",
      "image:",
      "  # Its tag.",
      '  tag: ""',
      "",
      "# Limits.",
      "limits:",
      "  memory: 1Gi",
      "",
    ]);
  });

  it("keeps strings that YAML would read as something else", () => {
    const text = valuesYaml({ properties: { label: { description: "One.", default: "1" } } });
    expect(parse(text)).toEqual({ label: "1" });
  });

  it("fills lines up to 110 columns and loses no word", () => {
    const description = "some words ".repeat(40).trim();
    const lines = valuesYaml({ properties: { a: { description, default: 1 } } })
      .split("\n")
      .slice(2, -2);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(110);
    expect(lines.map((line) => line.replace(/^# /, "")).join(" ")).toBe(description);
  });

  it("describes a value by what it refers to", () => {
    const definitions = { mode: { description: "How." } };
    const schema = { definitions, properties: { mode: { $ref: "#/definitions/mode", default: "x" } } };
    expect(valuesYaml(schema)).toContain("# How.\nmode: x");
  });

  it("refuses a value that nobody described", () => {
    expect(() => valuesYaml({ properties: { a: { default: 1 } } })).toThrow("does not describe a");
  });
});

describe("the chart's schema", () => {
  it("lets no group of values have another value than those it lists", async () => {
    const file = new URL("../../charts/aws-account-scan-operator/values.schema.json", import.meta.url);
    expect(openGroups(JSON.parse(await readFile(file, "utf8")), "")).toEqual([]);
  });
});

interface Group extends ValuesSchema {
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, Group>>;
  readonly patternProperties?: Readonly<Record<string, Group>>;
  readonly definitions?: Readonly<Record<string, Group>>;
  readonly items?: Group;
}

/** The paths of groups that would take a value of any name; of a list's items and of what is referred to as well. */
function openGroups(schema: Group, path: string): string[] {
  const open = schema.properties !== undefined && schema.additionalProperties !== false;
  const { properties = {}, patternProperties = {}, definitions = {}, items } = schema;
  const inner = { ...definitions, ...patternProperties, ...properties, ...(items && { "-": items }) };
  return [
    ...(open ? [path || "/"] : []),
    ...Object.entries(inner).flatMap(([name, group]) => openGroups(group, `${path}/${name}`)),
  ];
}
