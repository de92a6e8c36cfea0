/** The chart's README: what it is, and a table of its values as their schema describes them. */
import { describeValue, type ValuesSchema } from "./values.ts";

/** @throws where a value has no description. */
export function chartReadme(schema: ValuesSchema): string {
  const rows = leaves(schema.properties ?? {}, "", schema);
  return `# aws-account-scan-operator

Keeps AWS accounts free of SageMaker notebooks with direct internet access.

\`\`\`sh needs=registry
helm install aws-account-scan-operator charts/aws-account-scan-operator \\
  --namespace aws-account-scan-system --create-namespace \\
  --set image.repository=registry.example.com/aws-account-scan-operator
\`\`\`

Helm then says what to do next. \`docs/install.md\` of the project has the ways to an AWS identity,
\`docs/upgrade.md\` what an upgrade and an uninstallation do to scans.

## Values

Helm refuses values that are not here. This page is made from \`values.schema.json\`.

| value | type | default | |
|---|---|---|---|
${rows.join("\n")}
`;
}

function leaves(
  properties: Readonly<Record<string, ValuesSchema>>,
  prefix: string,
  root: ValuesSchema,
): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const path = prefix + name;
    const group = property.properties;
    if (group !== undefined) {
      const head = row([`**\`${path}\`**`, "", "", describeValue(name, property, root)]);
      return [head, ...leaves(group, `${path}.`, root)];
    }
    const type = typeOf(property, root);
    const fallback = property.default === undefined ? "" : `\`${JSON.stringify(property.default)}\``;
    return [row([`\`${path}\``, type, fallback, describeValue(name, property, root)])];
  });
}

/** In words of JSON Schema; the values that there are, where it is one of a few. */
function typeOf(property: ValuesSchema, root: ValuesSchema): string {
  const { type, enum: choices, anyOf } = { ...root.definitions?.[referredName(property)], ...property };
  if (choices !== undefined) return choices.map((choice) => `\`${JSON.stringify(choice)}\``).join(", ");
  if (anyOf !== undefined) return [...new Set(anyOf.map((one) => typeOf(one, root)))].join(" or ");
  if (property.const !== undefined) return typeof property.const;
  return type ?? "any";
}

function referredName({ $ref }: ValuesSchema): string {
  return $ref?.replace("#/definitions/", "") ?? "";
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
