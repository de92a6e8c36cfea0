import { DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { isAccountId, isRegionName, parseArn } from "../api/arn.ts";
import type { Span } from "../tracing/span.ts";
import type { Aws } from "./aws.ts";
import { invalidAnswer } from "./errors.ts";
import type { Session } from "./session.ts";

/** Whom credentials belong to. */
export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  /** The same for every session of a role, and another one once the role was made anew. */
  readonly principalId: string;
  readonly partition: string;
}

/** What to ask about a session. */
export interface Question {
  readonly aws: Aws;
  readonly session: Session;
  /** Whose quota is used. */
  readonly account: string;
  readonly region: string;
  /** The scan's. */
  readonly signal: AbortSignal;
  /** Of whichever scan asks first; undefined where nobody traces it. */
  readonly span?: Span | undefined;
}

const MAX_ARN = 2_048;

/** A region that was just enabled is scanned within this time. */
const REGIONS_LIFETIME_MS = 3_600_000;

/**
 * Whose the session's credentials are, by STS, asked once for each of them. The call needs no permission and cannot be
 * denied by a policy. Throws `AwsCallError`, or the signal's reason.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export function getCallerIdentity(question: Question): Promise<CallerIdentity> {
  const { aws, session, account, region, signal, span } = question;
  const ask = async () => {
    const operation = "GetCallerIdentity";
    const sts = aws.endpoint("sts", { account, region, session, signal: aws.sharedSignal(), span });
    const answer = await sts.call(operation, (client, abortSignal) =>
      client.send(new GetCallerIdentityCommand({}), { abortSignal }),
    );
    const { Account, Arn, UserId } = answer;
    const partition = parseArn(Arn ?? "")?.partition;
    // All of it goes into reports, which the API server would refuse as a whole.
    const isUsable = isAccountId(Account ?? "") && (Arn ?? "").length <= MAX_ARN;
    if (!isUsable || !Account || !Arn || !UserId || partition === undefined) {
      throw invalidAnswer(operation, "STS named no account");
    }
    // `<role id>:<session name>`, where it is a role's; a federated user's begins with the account.
    const isRole = parseArn(Arn)?.resource.startsWith("assumed-role/") === true;
    const principalId = isRole ? UserId.replace(/:.*/, "") : UserId;
    return { account: Account, arn: Arn, principalId, partition };
  };
  return session.fact("identity", Number.POSITIVE_INFINITY, ask, signal, span);
}

/**
 * The regions enabled in the account of the session, sorted; asked again after an hour. Throws `AwsCallError`, or the
 * signal's reason.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
 */
export function listEnabledRegions(question: Question): Promise<readonly string[]> {
  const { aws, session, account, region, signal, span } = question;
  const ask = async () => {
    const operation = "DescribeRegions";
    const ec2 = aws.endpoint("ec2", { account, region, session, signal: aws.sharedSignal(), span });
    const { Regions } = await ec2.call(operation, (client, abortSignal) =>
      client.send(new DescribeRegionsCommand({ AllRegions: false }), { abortSignal }),
    );
    const names = (Regions ?? []).map(({ RegionName }) => {
      // Left out, it would not be scanned, and nobody would know.
      if (!RegionName) throw invalidAnswer(operation, "EC2 named a region without its name");
      return RegionName;
    });
    if (names.length === 0) throw invalidAnswer(operation, "EC2 named no enabled region");
    // Endpoints' hosts are made of them. Leaving one out would be a region that nobody reads.
    const odd = names.find((name) => !isRegionName(name));
    if (odd !== undefined)
      throw invalidAnswer(operation, `EC2 named a region that is none: ${JSON.stringify(odd)}`);
    return names.sort();
  };
  return session.fact("regions", REGIONS_LIFETIME_MS, ask, signal, span);
}
