import { plainText } from "./notice-text.ts";
import type { Parameter, RemediationPlan } from "./plan.ts";
import { type Namer, pascalCase } from "./unique-names.ts";

/** An entry of a template's `Parameters`. */
export interface TemplateParameter {
  readonly Type: string;
  readonly Description: string;
  readonly AllowedValues?: readonly string[];
  readonly MinLength?: number;
  readonly NoEcho?: true;
}

export interface Reference {
  readonly Ref: string;
}

/** What a template's properties are made of. */
export interface Values {
  /** `text` as it is; a parameter where CloudFormation would not take it as it is. */
  literal(text: string): string | Reference;
  literals(texts: readonly string[]): (string | Reference)[];
  /** A parameter. The same name with the same type and description is the same parameter. */
  parameter(name: string, parameter: TemplateParameter): Reference;
  /** The parameter that the plan declares under this name; undefined where it declares none. */
  declared(plan: RemediationPlan, name: Parameter["name"]): Reference | undefined;
  /** The same where the value must come from somewhere: a parameter in any case. */
  needed(plan: RemediationPlan, name: Parameter["name"]): Reference;
  /** All parameters so far. */
  parameters(): Readonly<Record<string, TemplateParameter>>;
}

const DECLARED = {
  SubnetId: { Type: "AWS::EC2::Subnet::Id" },
  SecurityGroupIds: { Type: "List<AWS::EC2::SecurityGroup::Id>" },
  DefaultCodeRepository: { Type: "String", NoEcho: true },
  AdditionalCodeRepositories: { Type: "CommaDelimitedList", NoEcho: true },
  AcceptedInstanceType: { Type: "String", MinLength: 1 },
  AcceptedPlatformIdentifier: { Type: "String", MinLength: 1 },
  VpcId: { Type: "AWS::EC2::VPC::Id" },
  SubnetIds: { Type: "List<AWS::EC2::Subnet::Id>" },
} as const satisfies Record<Parameter["name"], Partial<TemplateParameter>>;

export function templateValues(nameOf: Namer): Values {
  const parameters = new Map<string, TemplateParameter>();
  const nameOfIdentity = new Map<string, string>();

  function add(name: string, content: TemplateParameter, identity: string): Reference {
    const known = nameOfIdentity.get(identity);
    if (known !== undefined) return { Ref: known };
    const Ref = nameOf(name);
    nameOfIdentity.set(identity, Ref);
    parameters.set(Ref, { ...content, Description: templateText(content.Description) });
    return { Ref };
  }

  function parameter(name: string, content: TemplateParameter): Reference {
    return add(name, content, JSON.stringify([name, content]));
  }

  function literal(text: string): string | Reference {
    const wellFormed = text.toWellFormed();
    if (!isDynamicReference(wellFormed)) return wellFormed;
    const Description = `Give the value yourself: CloudFormation would take what the account holds for a dynamic reference. It holds: ${text}`;
    return add("UnsafeValue", { Type: "String", Description }, `unsafe ${text}`);
  }

  function declared(plan: RemediationPlan, name: Parameter["name"]): Reference | undefined {
    const found = plan.parameters.find((candidate) => candidate.name === name);
    return (
      found &&
      parameter(`${name}${pascalCase(found.of ?? "")}`, { ...DECLARED[name], Description: found.description })
    );
  }

  return {
    literal,
    literals: (texts) => texts.map(literal),
    parameter,
    declared,
    needed: (plan, name) =>
      declared(plan, name) ?? parameter(name, { ...DECLARED[name], Description: "Nobody but you knows it." }),
    parameters: () => Object.fromEntries(parameters),
  };
}

/**
 * CloudFormation replaces `{{resolve:service:key}}` in any string of a property by a secret or parameter of the account,
 * also where Fn::Join or a parameter's default has put it together; nothing escapes it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
function isDynamicReference(text: string): boolean {
  return /\{\{\s*resolve\s*:/i.test(text);
}

/** Text of a template that nobody but people read; no dynamic reference is left in it. */
export function templateText(text: string): string {
  return plainText(text).replace(/\{(?=\{)/g, "{ ");
}
