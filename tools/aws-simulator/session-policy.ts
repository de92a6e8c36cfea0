import { AwsError } from "./errors.ts";
import { matcherOf } from "./like.ts";

/** What a session's policy says of actions; resources and conditions are not looked at. */
export interface SessionPolicy {
  readonly statements: readonly { readonly allows: boolean; readonly actions: readonly string[] }[];
}

/** As IAM allows, in characters. */
const MAX_LENGTH = 2_048;

/** Reads the `Policy` of AssumeRole; throws what STS answers where it is none. */
export function parseSessionPolicy(text: string): SessionPolicy {
  const malformed = (why: string) => new AwsError("MalformedPolicyDocument", why);
  if (text.length > MAX_LENGTH) throw malformed("Policy is longer than 2048 characters");
  let document: { Statement?: unknown } | null;
  try {
    document = JSON.parse(text) as typeof document;
  } catch {
    throw malformed("Syntax errors in policy.");
  }
  const listed = listOf(document?.Statement) as { Effect?: unknown; Action?: unknown }[];
  if (listed.length === 0) throw malformed("Missing required field Statement");
  const statements = listed.map(({ Effect, Action }) => {
    const actions = listOf(Action).map(String);
    if ((Effect !== "Allow" && Effect !== "Deny") || actions.length === 0)
      throw malformed("A statement needs an Effect and an Action");
    return { allows: Effect === "Allow", actions };
  });
  return { statements };
}

/** Whether `action`, such as `sagemaker:ListDomains`, is allowed, and not denied as well. */
export function allowsAction({ statements }: SessionPolicy, action: string): boolean {
  const about = statements.filter(({ actions }) => actions.some((pattern) => matcherOf(pattern)(action)));
  return about.length > 0 && about.every(({ allows }) => allows);
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
