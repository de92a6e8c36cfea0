/** `values.yaml` as the values' schema describes it: every value with its description and its default. */
import { Document } from "yaml";

/** The part of JSON Schema, draft 7, that the chart's schema describes its values with. */
export interface ValuesSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly ValuesSchema[];
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, ValuesSchema>>;
  readonly definitions?: Readonly<Record<string, ValuesSchema>>;
}

const HEAD =
  "# Generated from values.schema.json by npm run generate: change that. Helm refuses values that it does not allow.\n";
const WIDTH = 110;

/** @throws where a value has no description: nobody shall have to read templates. */
export function valuesYaml(schema: ValuesSchema): string {
  return [HEAD, ...entries(schema.properties ?? {}, "", schema)].join("\n");
}

function entries(
  properties: Readonly<Record<string, ValuesSchema>>,
  indent: string,
  root: ValuesSchema,
): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const lines = [...comment(describeValue(name, property, root), indent)];
    if (property.properties !== undefined) {
      lines.push(`${indent}${name}:`, ...entries(property.properties, `${indent}  `, root));
    } else if (property.default === undefined) {
      lines.push(`${indent}# ${name}:`);
    } else {
      const text = new Document({ [name]: property.default }).toString({ lineWidth: 0 }).trimEnd();
      lines.push(...text.split("\n").map((line) => indent + line));
    }
    // Groups stand apart.
    return indent === "" ? [...lines, ""] : lines;
  });
}

/**
 * A value's own words, else those of what it refers to.
 * @throws where there are none.
 */
export function describeValue(name: string, property: ValuesSchema, root: ValuesSchema): string {
  const referred = root.definitions?.[property.$ref?.replace("#/definitions/", "") ?? ""];
  const description = property.description ?? referred?.description;
  if (description === undefined) throw new Error(`values.schema.json does not describe ${name}`);
  return description;
}

/** Filled lines, each with its `#`. */
function comment(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = `${indent}#`;
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `${indent}#`;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
