/** Documents of IAM. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** Nothing here is ever denied: what is not allowed is denied anyway. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  /** Of trust policies alone. */
  readonly Principal?: Readonly<Partial<Record<"AWS" | "Federated" | "Service", string>>>;
  readonly Action: readonly string[];
  /** Of permissions policies alone. */
  readonly Resource?: readonly string[];
  /** By operator, then by condition key. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export function policyDocument(...statements: readonly Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}
