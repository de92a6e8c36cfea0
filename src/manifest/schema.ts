/** The CRD's schema, the one source of what a manifest may say. */
import document from "../api/generated/awsaccountscan.schema.json" with { type: "json" };

/** A structural schema as a CRD holds it, the part that is evaluated here. */
export interface StructuralSchema {
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: StructuralSchema;
  readonly items?: StructuralSchema;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-validations"?: readonly ValidationRule[];
}

/** A rule in CEL. Its `fieldPath` is `.name`, relative to where the rule stands. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string | undefined;
  readonly messageExpression?: string | undefined;
  readonly fieldPath?: string | undefined;
  readonly reason?: string | undefined;
}

/** Every keyword that is evaluated, and those that say nothing of validity. A test holds the CRD to them. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  ...[
    "type",
    "format",
    "nullable",
    "default",
    "enum",
    "pattern",
    "required",
    "properties",
    "additionalProperties",
  ],
  ...["items", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "minProperties"],
  ...["maxProperties", "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-validations"],
]);

/** Of an AwsAccountScan as a whole. */
export const SCAN_SCHEMA: StructuralSchema = document;

/** The schema of a key of an object; `isKey` where it is one of a map rather than a field. */
export function fieldSchema(
  { properties, additionalProperties }: StructuralSchema,
  key: string,
): { readonly field: StructuralSchema | undefined; readonly isKey: boolean } {
  const isKey = properties === undefined || !Object.hasOwn(properties, key);
  return { field: isKey ? additionalProperties : properties[key], isKey };
}
