/** Security Token Service. https://docs.aws.amazon.com/STS/latest/APIReference/ */
import { AwsError, problem } from "./errors.ts";
import type { RoleSpec } from "./fleet.ts";
import type { Input } from "./input.ts";
import type { Call, Operation, Service } from "./service.ts";
import { parseSessionPolicy } from "./session-policy.ts";
import { roleArn } from "./sessions.ts";
import { verifyWebIdentity } from "./tokens.ts";
import { audiencesOf, trustsPrincipal, trustsWebIdentity } from "./trust.ts";
import { awsQuery, type Output } from "./wire.ts";
import type { Account } from "./world.ts";

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
    const target = findRole(call);
    const token = input.requiredText("WebIdentityToken");
    const account = target?.account ?? world.account(accountOfArn(input.requiredText("RoleArn")));
    const audiences = account ? audiencesOf(account) : new Set<string>();
    const identity = await verifyWebIdentity(token, identityProvider, audiences, new Date(now()));
    if (!target || !trustsWebIdentity(target.role, identity))
      throw problem("sts", "denied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    return {
      ...openSession(call, target, target.role.maxSessionSeconds ?? HOUR_SECONDS),
      SubjectFromWebIdentityToken: identity.subject,
      Audience: identity.audience,
      Provider: identityProvider?.issuer.replace(/^https?:\/\//, ""),
    };
  },
};

const assumeRole: Operation = {
  ...byRole,
  answer(call) {
    const { input, caller } = call;
    const target = findRole(call);
    if (!target || !trustsPrincipal(target.role, caller, input.text("ExternalId"))) {
      const on = input.requiredText("RoleArn");
      throw problem(
        "sts",
        "denied",
        `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${on}`,
      );
    }
    const isChained = caller.roleArn !== undefined;
    const longest = target.role.maxSessionSeconds ?? HOUR_SECONDS;
    if (isChained && Number(input.text("DurationSeconds") ?? 0) > HOUR_SECONDS) {
      throw new AwsError(
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
      );
    }
    return openSession(call, target, longest);
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

interface Target {
  readonly account: Account;
  readonly role: RoleSpec;
}

/** The role that is asked for, or undefined where there is none: STS does not tell that from a refusal. */
function findRole({ input, world }: Call): Target | undefined {
  const arn = input.requiredText("RoleArn");
  const account = world.account(accountOfArn(arn));
  const role = account?.roles.get(arn.split(":role/")[1] ?? "");
  return account && role && roleArn(account, role) === arn ? { account, role } : undefined;
}

function openSession(call: Call, { account, role }: Target, longest: number): Output {
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
  const session = sessions.open(
    account,
    role,
    name,
    Math.min(asked, settings.maxSessionSeconds),
    policy === undefined ? undefined : parseSessionPolicy(policy),
  );
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
