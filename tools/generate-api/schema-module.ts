import type { CrdSchema } from "./crd.ts";

/** A CRD's schema as JSON, without its descriptions: a third of the size, and validation has no use for them. */
export function schemaModule(schema: CrdSchema): string {
  const plain = (part: CrdSchema): object => {
    const { description: _, properties, items, additionalProperties, ...rest } = part;
    return {
      ...rest,
      ...(properties && { properties: mapped(properties) }),
      ...(items && { items: plain(items) }),
      ...(additionalProperties && { additionalProperties: plain(additionalProperties) }),
    };
  };
  const mapped = (properties: Readonly<Record<string, CrdSchema>>) =>
    Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, plain(field)]));
  return `${JSON.stringify(plain(schema), null, 1)}\n`;
}
