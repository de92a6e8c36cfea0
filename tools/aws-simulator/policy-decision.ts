/** What policies say to a request. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
import { matcherOf } from "./like.ts";
import { type OPERATORS, type PolicyDocument, type PolicyStatement, textsOf } from "./policy.ts";

/** `denied`: by a statement; `unmentioned`: since none allows it. */
export type Decision = "allowed" | "denied" | "unmentioned";

export interface Ask {
  /** `sagemaker:ListDomains` */
  readonly action: string;
  /** An ARN, or `*` where the action knows no resources. */
  readonly resource: string;
  /** Values of condition keys. One without a value meets no condition. */
  readonly context: Readonly<Record<string, string | undefined>>;
}

/** Decides by all policies together: what one denies, none allows. */
export function decide(
  policies: readonly PolicyDocument[],
  ask: Ask,
  isMeant: (statement: PolicyStatement) => boolean = (statement) => isResource(statement, ask.resource),
): Decision {
  const about = policies
    .flatMap(({ Statement }) => Statement)
    .filter((statement) => isAction(statement, ask.action) && isMeant(statement) && isMet(statement, ask));
  if (about.some(({ Effect }) => Effect === "Deny")) return "denied";
  return about.length > 0 ? "allowed" : "unmentioned";
}

/** Actions are the same in any case. */
function isAction({ Action }: PolicyStatement, action: string): boolean {
  return textsOf(Action).some((pattern) => matcherOf(pattern.toLowerCase())(action.toLowerCase()));
}

function isResource({ Resource }: PolicyStatement, resource: string): boolean {
  return textsOf(Resource).some((pattern) => matcherOf(pattern)(resource));
}

const MEETS: Readonly<Record<(typeof OPERATORS)[number], (value: string, wanted: string) => boolean>> = {
  StringEquals: (value, wanted) => value === wanted,
  StringLike: (value, wanted) => matcherOf(wanted)(value),
  ArnEquals: isLikeArn,
  ArnLike: isLikeArn,
};

function isMet({ Condition = {} }: PolicyStatement, { context }: Ask): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const value = context[key];
      const meets = MEETS[operator as keyof typeof MEETS];
      return value !== undefined && textsOf(wanted).some((each) => meets(value, each));
    }),
  );
}

/** Part by part: a `*` does not reach over a colon, but for the last. */
function isLikeArn(value: string, wanted: string): boolean {
  const partsOf = (arn: string) => {
    const parts = arn.split(":");
    return [...parts.slice(0, 5), parts.slice(5).join(":")];
  };
  const parts = partsOf(value);
  return partsOf(wanted).every((pattern, at) => matcherOf(pattern)(parts[at] ?? ""));
}
