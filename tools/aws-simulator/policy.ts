/**
 * IAM policies as fleets have them: the part of the language that is understood. Whatever else a document says is refused
 * when the fleet is loaded: a condition that was ignored would let in whom it keeps out.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { type Check, listOf, mapOf, object, oneOf, text } from "./shape.ts";

type Texts = string | readonly string[];

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  /** Of trust policies, and then it must be there. */
  readonly Principal?: Readonly<Partial<Record<"AWS" | "Federated" | "Service", Texts>>>;
  readonly Action: Texts;
  /** Of permissions policies, and then it must be there. */
  readonly Resource?: Texts;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Texts>>>>;
}

/** Operators whose meaning is known; see policy-decision.ts. */
export const OPERATORS = ["StringEquals", "StringLike", "ArnEquals", "ArnLike"] as const;

/** Keys that requests have a value for, where it makes sense; `<issuer>:sub` and `:aud` are those of web identity. */
const KEYS = [
  /^aws:(PrincipalArn|PrincipalAccount|ResourceAccount|ResourceOrgID|RequestedRegion|SourceAccount)$/,
  /^aws:RequestTag\/[\w+=.@:/ -]+$/,
  /^sts:ExternalId$/,
  /^(?!aws:)[a-z0-9-]+(\.[a-z0-9-]+)+(\/[\w.~%-]+)*\/?:(sub|aud)$/,
];

/** Neither variables nor `?`, which nothing here would resolve. */
const VALUE = /^(?!.*\$\{)[^?]+$/;
const ACTION = /^(\*|(sts|ec2|sagemaker|organizations):[A-Za-z*]+)$/;
/** Accounts, roots, roles and users; no sessions, and not everybody. */
const AWS_PRINCIPAL = /^(\d{12}|arn:[a-z-]+:iam::\d{12}:(root|(role|user)\/[\w+=,.@/-]+))$/;

const values = oneOrMore(text(VALUE, "a text without ? and variables"));

/** Of each operator the keys, and of each key the values, one of which must be met. */
const conditions: Check = (value, where) => {
  const faults = mapOf(mapOf(values))(value, where);
  if (faults.length > 0) return faults;
  return Object.entries(value as NonNullable<PolicyStatement["Condition"]>).flatMap(([operator, keys]) => [
    ...oneOf(OPERATORS, "condition operator")(operator, where),
    ...Object.keys(keys).flatMap((key) =>
      KEYS.some((known) => known.test(key)) ? [] : [`${where}.${operator}: no such condition key: "${key}"`],
    ),
  ]);
};

const statement = {
  Effect: oneOf(["Allow", "Deny"], "effect"),
  Action: oneOrMore(text(ACTION, "an action of a simulated service")),
};
const optional = { Sid: text(/^[A-Za-z0-9]+$/, "letters and digits"), Condition: conditions };

/** A policy that says what a role may do. */
export const permissionsShape = documentOf(
  object<Pick<PolicyStatement, "Effect" | "Action"> & { Resource: Texts }>(
    { ...statement, Resource: values },
    optional,
  ),
);

const principal = object(
  {},
  {
    AWS: oneOrMore(text(AWS_PRINCIPAL, "an account, or the ARN of a root, role or user")),
    Federated: oneOrMore(text(/^arn:[a-z-]+:iam::\d{12}:oidc-provider\/.+$/, "the ARN of an OIDC provider")),
    Service: oneOrMore(text(/^[a-z.-]+\.amazonaws\.com$/, "a service such as pods.eks.amazonaws.com")),
  },
);

/** A policy that says who may assume a role. */
export const trustShape = documentOf(
  object<Pick<PolicyStatement, "Effect" | "Action"> & { Principal: object }>(
    { ...statement, Principal: principal },
    optional,
  ),
);

/** What IAM lets be one text or several. */
export function textsOf(texts: Texts | undefined): readonly string[] {
  if (texts === undefined) return [];
  return typeof texts === "string" ? [texts] : texts;
}

function documentOf(each: Check): Check {
  return object<PolicyDocument>(
    { Version: oneOf(["2012-10-17"], "version of the policy language"), Statement: listOf(each) },
    {},
  );
}

function oneOrMore(each: Check): Check {
  return (value, where) => (Array.isArray(value) ? listOf(each)(value, where) : each(value, where));
}
