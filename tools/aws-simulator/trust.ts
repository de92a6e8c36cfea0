/** Trust policies: who may assume a role. */
import type { RoleSpec } from "./fleet.ts";
import { matcherOf } from "./like.ts";
import type { Principal } from "./sessions.ts";
import type { WebIdentity } from "./tokens.ts";
import type { Account } from "./world.ts";

const DEFAULT_AUDIENCE = "sts.amazonaws.com";

/** The audiences that an account's OIDC provider accepts: those that any of its roles asks for. */
export function audiencesOf(account: Account): Set<string> {
  const audiences = new Set([DEFAULT_AUDIENCE]);
  for (const { trust } of account.roles.values()) {
    if (trust.webIdentity) audiences.add(trust.webIdentity.audience ?? DEFAULT_AUDIENCE);
  }
  return audiences;
}

/** Whether the bearer of a verified token may assume the role. */
export function trustsWebIdentity({ trust }: RoleSpec, { subject, audience }: WebIdentity): boolean {
  const { webIdentity } = trust;
  if (!webIdentity || audience !== (webIdentity.audience ?? DEFAULT_AUDIENCE)) return false;
  return webIdentity.subjects.some((pattern) => matcherOf(pattern)(subject));
}

/** Whether `caller` may assume the role with this external id. */
export function trustsPrincipal(
  { trust }: RoleSpec,
  caller: Principal,
  externalId: string | undefined,
): boolean {
  if (trust.externalId !== undefined && trust.externalId !== externalId) return false;
  const names = new Set(["*", caller.accountId, caller.arn, caller.roleArn]);
  return (trust.principals ?? []).some(
    (principal) =>
      names.has(principal) || (principal.endsWith(":root") && principal.split(":")[4] === caller.accountId),
  );
}
