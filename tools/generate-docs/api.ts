/** The reference of our API, from the CRDs alone: every field, its type, default and bounds, in the API's own words. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** What the page tells of a schema. */
interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-validations"?: readonly Rule[];
}

interface Rule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
}

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: {
      readonly kind: string;
      readonly plural: string;
      readonly shortNames?: readonly string[];
    };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

const CRDS = new URL("../../deploy/crds/", import.meta.url);

/** The page of the CRDs in these files of `deploy/crds`. */
export function apiPage(files: readonly string[]): string {
  const kinds = files.map((file) => parse(readFileSync(new URL(file, CRDS), "utf8")) as Definition);
  return `<!-- Generated from deploy/crds by npm run generate. -->
# API reference

What \`kubectl explain\` says, on one page. A field that there is none of is refused by kubectl; a value that breaks a rule,
by the API server, with the message that stands here, and before that by \`awsscan validate\`, without a cluster. A field
without «required» may be left out.

${kinds.map(kindSection).join("\n\n")}
`;
}

function kindSection({ spec }: Definition): string {
  const { kind, plural, shortNames = [] } = spec.names;
  const names = [plural, ...shortNames].map((name) => `\`${name}\``).join(", ");
  return spec.versions
    .map(({ name, schema: { openAPIV3Schema: root } }) => {
      const { apiVersion: _, kind: __, metadata: ___, ...own } = root.properties ?? {};
      const parts = Object.entries(own).map(([field, schema]) => objectSection(field, schema, root));
      return [
        `## ${kind}`,
        `\`${spec.group}/${name}\`, ${spec.scope.toLowerCase()}; to kubectl ${names}.`,
        [sentence(root.description), ...rulesOf(root)].join(" "),
        ...parts,
      ].join("\n\n");
    })
    .join("\n\n");
}

/** A field of the root, with all that is beneath it: one table, whose rows have whole paths. */
function objectSection(field: string, schema: Schema, parent: Schema): string {
  const rows = rowsOf(field, schema, parent.required?.includes(field) ?? false);
  const table = ["| field | type | |", "|---|---|---|", ...rows].join("\n");
  return [`### ${field}`, table].join("\n\n");
}

function rowsOf(path: string, schema: Schema, required: boolean): string[] {
  const row = `| \`${path}\` | ${typeOf(schema)}${required ? ", required" : ""} | ${cell(schema)} |`;
  return [row, ...childrenOf(path, schema)];
}

function childrenOf(path: string, schema: Schema): string[] {
  if (schema.items !== undefined) {
    const { items } = schema;
    // Of text and numbers, the row of the list says all.
    return items.properties === undefined ? [] : childrenOf(`${path}[]`, items);
  }
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    rowsOf(`${path}.${name}`, child, schema.required?.includes(name) ?? false),
  );
}

function typeOf({ type = "any", items, additionalProperties, format }: Schema): string {
  if (type === "array") return `list of ${items === undefined ? "any" : typeOf(items)}`;
  if (type === "object" && additionalProperties !== undefined)
    return `map to ${typeOf(additionalProperties)}`;
  return format === undefined ? type : `${type} (${format})`;
}

/** Description, default, bounds and rules; those of a list's entries behind its own. */
function cell(schema: Schema): string {
  const own = [sentence(schema.description), ...boundsOf(schema), ...rulesOf(schema)];
  const within = schema.items ?? schema.additionalProperties;
  if (within !== undefined) {
    const each = [sentence(within.description), ...boundsOf(within), ...rulesOf(within)].filter(
      (part) => part !== "",
    );
    if (each.length > 0) own.push(`Each: ${each.join(" ")}`);
  }
  return own.filter((part) => part !== "").join(" ");
}

function boundsOf(schema: Schema): string[] {
  const { minLength, maxLength, minimum, maximum, minItems, maxItems, minProperties, maxProperties } = schema;
  const keys = schema["x-kubernetes-list-map-keys"];
  return [
    schema.default === undefined ? "" : `Default: ${code(JSON.stringify(schema.default))}.`,
    schema.enum === undefined ? "" : `One of ${schema.enum.map((value) => code(String(value))).join(", ")}.`,
    range("characters", minLength, maxLength),
    range("entries", minItems, maxItems),
    range("entries", minProperties, maxProperties),
    minimum === undefined && maximum === undefined ? "" : `${range("", minimum, maximum)}`,
    schema.pattern === undefined ? "" : `Pattern: ${code(schema.pattern)}.`,
    keys === undefined ? "" : `No two with the same ${keys.map(code).join(" and ")}.`,
    schema["x-kubernetes-list-type"] === "set" ? "No two alike." : "",
  ];
}

function range(unit: string, least: number | undefined, most: number | undefined): string {
  const of = unit === "" ? "" : ` ${unit}`;
  if (least === undefined && most === undefined) return "";
  if (least === undefined) return `At most ${most}${of}.`;
  if (most === undefined) return `At least ${least}${of}.`;
  return least === most ? `Exactly ${least}${of}.` : `${least} to ${most}${of}.`;
}

function rulesOf(schema: Schema): string[] {
  return (schema["x-kubernetes-validations"] ?? []).map(
    ({ message, messageExpression, rule }) =>
      `Refused: ${message === undefined ? code(messageExpression ?? rule) : `«${text(message)}».`}`,
  );
}

/** Text of a CRD in a table's cell. */
function text(raw: string): string {
  return raw
    .trim()
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[|<>*_]/g, "\\$&");
}

function sentence(description: string | undefined): string {
  return description === undefined ? "" : text(description);
}

/** In a table, a bar ends the cell even between backticks. */
function code(raw: string): string {
  const fence = raw.includes("`") ? "``" : "`";
  return `${fence}${raw.replaceAll(/\s+/g, " ").replaceAll("|", "\\|")}${fence}`;
}
