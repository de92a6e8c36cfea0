/** Security Token Service. https://docs.aws.amazon.com/STS/latest/APIReference/ */
import { AwsError, problem } from "./errors.ts";
import type { Input } from "./input.ts";
import { organizationOf } from "./organizations.ts";
import { decideByIdentity } from "./permissions.ts";
import { findRole, type Role } from "./roles.ts";
import type { Call, Operation, Service } from "./service.ts";
import { parseSessionPolicy } from "./session-policy.ts";
import { sessionTagsOf } from "./session-tags.ts";
import { verifyWebIdentity } from "./tokens.ts";
import { audiencesOf, type TrustAsk, trustOf, trustsWebIdentity } from "./trust.ts";
import { awsQuery, type Output } from "./wire.ts";

const HOUR_SECONDS = 3600;

/** Roles are asked of their own account, by callers of any. */
const byRole = {
  resource: (input: Input) => input.text("RoleArn"),
  account: (input: Input) => accountOfArn(input.text("RoleArn") ?? ""),
};

const assumeRoleWithWebIdentity: Operation = {
  ...byRole,
  unsigned: true,
  async answer(call) {
    const { input, world, identityProvider, now } = call;
    const target = findRole(world, input.requiredText("RoleArn"));
    const token = input.requiredText("WebIdentityToken");
    const account = target?.account ?? world.account(accountOfArn(input.requiredText("RoleArn")));
    const audiences = account ? audiencesOf(account) : new Set<string>();
    const identity = await verifyWebIdentity(token, identityProvider, audiences, new Date(now()));
    if (!target || !trustsWebIdentity(target, identity))
      throw problem("sts", "denied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    return {
      ...openSession(call, target, target.role.maxSessionSeconds ?? HOUR_SECONDS, {}),
      SubjectFromWebIdentityToken: identity.subject,
      Audience: identity.audience,
      Provider: identityProvider?.issuer.replace(/^https?:\/\//, ""),
    };
  },
};

const assumeRole: Operation = {
  ...byRole,
  answer(call) {
    const { input, caller, world } = call;
    const arn = input.requiredText("RoleArn");
    const tags = sessionTagsOf(input, caller);
    // None of STS's refusals says which side it was, nor whether there is such a role.
    const refused = (action: string) =>
      problem(
        "sts",
        "denied",
        `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${arn}`,
      );
    const target = findRole(world, arn);
    if (!target || !mayAssume(call, target, "sts:AssumeRole")) throw refused("sts:AssumeRole");
    if (Object.keys(tags.all).length > 0 && !mayAssume(call, target, "sts:TagSession"))
      throw refused("sts:TagSession");
    const isChained = caller.roleArn !== undefined;
    const longest = target.role.maxSessionSeconds ?? HOUR_SECONDS;
    if (isChained && Number(input.text("DurationSeconds") ?? 0) > HOUR_SECONDS) {
      throw new AwsError(
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
      );
    }
    return openSession(call, target, longest, tags.transitive);
  },
};

const getCallerIdentity: Operation = {
  answer: ({ caller }) => ({ UserId: caller.userId, Account: caller.accountId, Arn: caller.arn }),
};

/** Answers in every region that the caller's account can reach. */
export const sts: Service = {
  name: "sts",
  protocol: awsQuery("https://sts.amazonaws.com/doc/2011-06-15/"),
  operations: {
    AssumeRole: assumeRole,
    AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
    GetCallerIdentity: getCallerIdentity,
  },
  assertRegion(world, accountId, region) {
    if (!world.isReachable(accountId, region)) throw problem("sts", "unknown-key");
  },
};

/**
 * Whether the role trusts the caller, and the caller's own policies allow it too: those of another account must, and those
 * of the role's own must where it trusts the account as a whole.
 */
function mayAssume(call: Call, target: Role, action: TrustAsk["action"]): boolean {
  const { input, caller, world } = call;
  const { account, role } = target;
  const tags = sessionTagsOf(input, caller).given;
  const trust = trustOf(role, { action, caller, externalId: input.text("ExternalId"), tags });
  if (trust === "none") return false;
  const context = {
    "aws:PrincipalArn": caller.roleArn ?? caller.arn,
    "aws:PrincipalAccount": caller.accountId,
    "aws:ResourceAccount": account.spec.id,
    "aws:ResourceOrgID": organizationOf(world, account.spec.id)?.id,
    "sts:ExternalId": action === "sts:AssumeRole" ? input.text("ExternalId") : undefined,
  };
  const ask = { action, resource: input.requiredText("RoleArn"), context };
  if (caller.service !== undefined) return trust === "itself";
  const decision = decideByIdentity(world, caller, ask);
  // Within an account, a role that names the caller needs no word of the caller's own policies, but for a denial.
  const needsNone = trust === "itself" && caller.accountId === account.spec.id;
  return decision === "allowed" || (needsNone && decision === "unmentioned");
}

function openSession(
  call: Call,
  { account, role }: Role,
  longest: number,
  transitiveTags: Readonly<Record<string, string>>,
): Output {
  const { input, sessions, settings } = call;
  const name = input.requiredText("RoleSessionName");
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) {
    throw new AwsError(
      "ValidationError",
      `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  }
  const asked = Number(input.text("DurationSeconds") ?? HOUR_SECONDS);
  if (!(asked >= 900 && asked <= longest)) {
    throw new AwsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
  }
  const policy = input.text("Policy");
  const session = sessions.open(account, role, {
    name,
    seconds: Math.min(asked, settings.maxSessionSeconds),
    policy: policy === undefined ? undefined : parseSessionPolicy(policy),
    transitiveTags,
  });
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(session.expiresAtMs).toISOString(),
    },
    AssumedRoleUser: { AssumedRoleId: session.principal.userId, Arn: session.principal.arn },
  };
}

function accountOfArn(arn: string): string {
  return arn.split(":")[4] ?? "";
}
