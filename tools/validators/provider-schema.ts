/** A provider's schema, in the format of `terraform providers schema -json`, out of typings that were made from it. */
import type { Typings } from "./provider-typings.ts";

export interface Block {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly block_types: Readonly<Record<string, NestedBlock>>;
}

export interface Attribute {
  readonly type: AttributeType;
  readonly required: boolean;
  /** Whether only the provider sets it. */
  readonly computed: boolean;
}

export interface NestedBlock {
  readonly block: Block;
  readonly min_items: number;
  readonly max_items: number;
}

type AttributeType = "string" | "number" | "bool" | readonly ["list" | "map", "string" | "number"];

export interface ProviderSchema {
  readonly provider: Block;
  readonly resources: Readonly<Record<string, Block>>;
  readonly data_sources: Readonly<Record<string, Block>>;
}

/**
 * Names, types, nesting and what is required are the provider's own. The typings do not tell lists from sets, nor what
 * a value may be, nor which change replaces a resource; of what only the provider sets they tell texts and numbers.
 */
export function providerSchema(typings: Typings): ProviderSchema {
  const { provider, notebook, domain, role, rolePolicy, callerIdentity, partition } = typings;
  return {
    provider: blockOf(interfacesOf(provider), "AwsProviderConfig"),
    resources: {
      aws_sagemaker_notebook_instance: withComputed(notebook, "SagemakerNotebookInstance"),
      aws_sagemaker_domain: withComputed(domain, "SagemakerDomain"),
      aws_iam_role: withComputed(role, "IamRole"),
      aws_iam_role_policy: withComputed(rolePolicy, "IamRolePolicy"),
    },
    data_sources: {
      aws_caller_identity: withComputed(callerIdentity, "DataAwsCallerIdentity"),
      aws_partition: withComputed(partition, "DataAwsPartition"),
    },
  };
}

const GETTER = /^ {4}get (\w+)\(\): (string|number);/gm;

/** What can be set of a resource or data source, and what can be read of it besides. */
function withComputed(typings: string, name: string): Block {
  const { attributes, block_types } = blockOf(interfacesOf(typings), `${name}Config`);
  const [, body = ""] =
    new RegExp(`^export declare class ${name} [^{\\n]*\\{\\n([\\s\\S]*?)^\\}`, "m").exec(typings) ?? [];
  const computed = [...body.matchAll(GETTER)].flatMap(([, camel = "", type = ""]) => {
    const field = camel.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (field in attributes) return [];
    return [[field, { type: type as "string" | "number", required: false, computed: true }] as const];
  });
  return { attributes: { ...attributes, ...Object.fromEntries(computed) }, block_types };
}

interface Field {
  /** As Terraform spells it: the anchor of the documentation that the typings link to. */
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
}

const INTERFACE = /^export interface (\w+)[^{\n]*\{\n([\s\S]*?)^\}/gm;
const FIELD = /#(\w+) \w+#\1\}[^/]*\*\/\s+readonly \w+(\??): ([^;]+(?:;\s*\})?);/g;

function interfacesOf(typings: string): ReadonlyMap<string, readonly Field[]> {
  return new Map(
    [...typings.matchAll(INTERFACE)].map(([, name = "", body = ""]) => [
      name,
      [...body.matchAll(FIELD)].map(([, field = "", optional, type = ""]) => ({
        name: field,
        optional: optional === "?",
        type: type.replaceAll(/\s+/g, " ").replace(/ \| cdkt[nf]\.IResolvable/g, ""),
      })),
    ]),
  );
}

function blockOf(interfaces: ReadonlyMap<string, readonly Field[]>, name: string): Block {
  const fields = interfaces.get(name);
  if (fields === undefined) throw new Error(`the typings have no ${name}`);
  const attributes: Record<string, Attribute> = {};
  const block_types: Record<string, NestedBlock> = {};
  for (const field of fields) {
    const element = field.type.replace(/\[\]$/, "");
    if (interfaces.has(element)) {
      block_types[field.name] = {
        block: blockOf(interfaces, element),
        min_items: field.optional ? 0 : 1,
        max_items: element === field.type ? 1 : 0,
      };
    } else {
      attributes[field.name] = { type: attributeType(field), required: !field.optional, computed: false };
    }
  }
  return { attributes, block_types };
}

function attributeType({ name, type }: Field): AttributeType {
  switch (type) {
    case "string":
    case "number":
      return type;
    case "boolean":
      return "bool";
    case "string[]":
      return ["list", "string"];
    case "number[]":
      return ["list", "number"];
    case "{ [key: string]: string; }":
      return ["map", "string"];
    default:
      throw new Error(`the typings have for ${name} a type that is new here: ${type}`);
  }
}
