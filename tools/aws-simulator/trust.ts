/** Trust policies: who may assume a role. */
import type { RoleSpec, TrustSpec } from "./fleet.ts";
import { matcherOf } from "./like.ts";
import { type PolicyStatement, textsOf } from "./policy.ts";
import { decide } from "./policy-decision.ts";
import type { Principal } from "./sessions.ts";
import type { WebIdentity } from "./tokens.ts";
import type { Account } from "./world.ts";

const DEFAULT_AUDIENCE = "sts.amazonaws.com";

/** The audiences that an account's OIDC provider accepts: its own, and those that any of its roles asks for. */
export function audiencesOf({ spec, roles }: Account): Set<string> {
  const audiences = new Set([DEFAULT_AUDIENCE, ...(spec.tokenAudiences ?? [])]);
  for (const { trust } of roles.values()) {
    if (trust.webIdentity) audiences.add(trust.webIdentity.audience ?? DEFAULT_AUDIENCE);
  }
  return audiences;
}

/** Whether the bearer of a verified token may assume a role of the account. */
export function trustsWebIdentity(
  { account, role }: { account: Account; role: RoleSpec },
  { issuer, subject, audience }: WebIdentity,
): boolean {
  const { webIdentity, policy } = role.trust;
  if (policy) {
    const provider = issuer.replace(/^https?:\/\//, "");
    const arn = `arn:${account.partition}:iam::${account.spec.id}:oidc-provider/${provider}`;
    const context = { [`${provider}:sub`]: subject, [`${provider}:aud`]: audience };
    const ask = { action: "sts:AssumeRoleWithWebIdentity", resource: "*", context };
    return (
      decide([policy], ask, ({ Principal }) => textsOf(Principal?.Federated).includes(arn)) === "allowed"
    );
  }
  if (!webIdentity || audience !== (webIdentity.audience ?? DEFAULT_AUDIENCE)) return false;
  return webIdentity.subjects.some((pattern) => matcherOf(pattern)(subject));
}

/** What comes with AssumeRole, and what it is evaluated as. */
export interface TrustAsk {
  readonly action: "sts:AssumeRole" | "sts:TagSession";
  readonly caller: Principal;
  /** As they are given; {@link trustOf} leaves out what the action does not have. */
  readonly externalId: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** `itself`: the caller's role, user or service is named; `account`: its account is, whose own policies decide then. */
export type Trust = "itself" | "account" | "none";

/** How a role trusts a caller. */
export function trustOf({ trust }: RoleSpec, ask: TrustAsk): Trust {
  return trust.policy === undefined ? shortTrust(trust, ask) : documentTrust(trust.policy, ask);
}

function shortTrust({ principals = [], externalId }: TrustSpec, { caller, ...asked }: TrustAsk): Trust {
  if (externalId !== undefined && externalId !== asked.externalId) return "none";
  const names = new Set(["*", caller.accountId, caller.arn, caller.roleArn]);
  const isTrusted = principals.some((principal) => names.has(principal) || isRootOf(principal, caller));
  return isTrusted ? "itself" : "none";
}

function documentTrust(policy: NonNullable<TrustSpec["policy"]>, asked: TrustAsk): Trust {
  const { action, caller, externalId, tags } = asked;
  const context = {
    // By the reference, TagSession has no such key.
    "sts:ExternalId": action === "sts:AssumeRole" ? externalId : undefined,
    "aws:PrincipalArn": caller.roleArn ?? caller.arn,
    "aws:PrincipalAccount": caller.accountId,
    "aws:SourceAccount": caller.sourceAccount,
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  };
  const by = (isNamed: (statement: PolicyStatement) => boolean) =>
    decide([policy], { action, resource: "*", context }, isNamed);
  const isItself = ({ Principal }: PolicyStatement) =>
    textsOf(Principal?.AWS).includes(caller.roleArn ?? caller.arn) ||
    (caller.service !== undefined && textsOf(Principal?.Service).includes(caller.service));
  const isAccount = ({ Principal }: PolicyStatement) =>
    textsOf(Principal?.AWS).some((name) => name === caller.accountId || isRootOf(name, caller));
  const either = by((statement) => isItself(statement) || isAccount(statement));
  if (either !== "allowed") return "none";
  return by(isItself) === "allowed" ? "itself" : "account";
}

function isRootOf(principal: string, { accountId, arn }: Principal): boolean {
  return principal === `arn:${arn.split(":")[1]}:iam::${accountId}:root`;
}
