import type { JSONSchema } from "json-schema-to-typescript";
import type { CrdSchema } from "./crd.ts";

/** The name of the type at a path, where it has one of its own. */
export type NameOf = (path: string) => string | undefined;

/**
 * A CRD's schema as the JSON schema of one type. A field with a name becomes a reference to that type. A field that
 * may be absent may be `undefined` too: our code writes `?: T | undefined` under exactOptionalPropertyTypes. Fields
 * with a default stay optional, since objects stored before the default existed lack them until they are written.
 */
export function toJsonSchema(schema: CrdSchema, path: string, nameOf: NameOf): JSONSchema {
  const described = schema.description === undefined ? {} : { description: schema.description };
  const { properties, additionalProperties, items, required = [] } = schema;
  if (properties !== undefined) {
    return {
      ...described,
      type: "object",
      additionalProperties: false,
      properties: fields(),
      required: [...required],
    };
  }
  if (additionalProperties !== undefined) {
    const value = toJsonSchema(additionalProperties, `${path}.*`, nameOf);
    return { ...described, type: "object", additionalProperties: value };
  }
  if (items !== undefined) return { ...described, type: "array", items: reference(items, `${path}[]`) };
  if (schema.enum !== undefined) return { ...described, type: "string", enum: [...schema.enum] };
  if (schema.type === undefined || schema.type === "object" || schema.type === "array") {
    throw new Error(
      `${path}: a schema of type ${schema.type} without properties or items has no TypeScript type`,
    );
  }
  return { ...described, type: schema.nullable === true ? [schema.type, "null"] : schema.type };

  function fields(): Record<string, JSONSchema> {
    const entries = Object.entries(properties ?? {}).map(([name, field]): [string, JSONSchema] => {
      const type = reference(field, path === "" ? name : `${path}.${name}`);
      return [name, required.includes(name) ? type : optional(type, field.default)];
    });
    return Object.fromEntries(entries);
  }

  function reference(field: CrdSchema, fieldPath: string): JSONSchema {
    const name = nameOf(fieldPath);
    if (name === undefined) return toJsonSchema(field, fieldPath, nameOf);
    return { ...(field.description !== undefined && { description: field.description }), tsType: name };
  }
}

function optional({ description, ...type }: JSONSchema, defaultValue: unknown): JSONSchema {
  const filled =
    defaultValue === undefined ? "" : "\n\nThe API server fills it in when the object is written.";
  const described = description === undefined ? {} : { description: description + filled };
  return { ...described, anyOf: [type, { tsType: "undefined" }] };
}
