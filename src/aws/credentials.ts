import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials as StsCredentials,
} from "@aws-sdk/client-sts";
import { homeRegion, parseArn } from "../api/arn.ts";
import { abortable } from "../async/abortable.ts";
import type { Aws } from "./aws.ts";
import { invalidAnswer } from "./errors.ts";
import { type Credentials, Session } from "./session.ts";

/** What assuming any role needs. */
export interface RoleOptions {
  readonly aws: Aws;
  readonly roleArn: string;
  /** Names the scan in CloudTrail; see {@link roleSessionName}. */
  readonly sessionName: string;
  /** The operator's `AWS_REGION`: the regional STS endpoint to ask, where it lies in the role's partition. */
  readonly region: string | undefined;
}

export interface WebIdentityOptions extends RoleOptions {
  /** Tells whose token it is. */
  readonly key: string;
  /** Asked anew at every renewal, since tokens expire too. */
  readonly token: () => Promise<string>;
}

export interface AssumedRoleOptions extends RoleOptions {
  readonly base: Session;
  readonly externalId?: string | undefined;
  /** JSON of a policy that bounds what the session may do. */
  readonly sessionPolicy?: string | undefined;
  readonly sessionDurationSeconds?: number | undefined;
}

/**
 * The session of AssumeRoleWithWebIdentity.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function webIdentitySession(options: WebIdentityOptions): Session {
  const { aws, roleArn, sessionName, token } = options;
  const key = JSON.stringify([options.key, roleArn, sessionName]);
  const operation = "AssumeRoleWithWebIdentity";
  const subject = parseArn(roleArn)?.account;
  return aws.sessions.get(key, () => {
    return new Session(key, async (span) => {
      const signal = aws.sharedSignal();
      const WebIdentityToken = await abortable(token(), signal);
      const route = { account: key, region: stsRegion(options), session: UNSIGNED, signal, span, subject };
      const { Credentials } = await aws.endpoint("sts", route).call(operation, (client, abortSignal) =>
        client.send(
          new AssumeRoleWithWebIdentityCommand({
            RoleArn: roleArn,
            RoleSessionName: sessionName,
            WebIdentityToken,
          }),
          { abortSignal },
        ),
      );
      return fromSts(Credentials, operation);
    });
  });
}

/**
 * The session of a role assumed by `base`.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (chained sessions end after an hour)
 */
export function assumedRoleSession(options: AssumedRoleOptions): Session {
  const { aws, roleArn, sessionName, base, externalId, sessionPolicy, sessionDurationSeconds } = options;
  const key = JSON.stringify([
    base.key,
    roleArn,
    sessionName,
    externalId,
    sessionPolicy,
    sessionDurationSeconds,
  ]);
  const operation = "AssumeRole";
  const subject = parseArn(roleArn)?.account;
  return aws.sessions.get(key, () => {
    return new Session(key, async (span) => {
      const signal = aws.sharedSignal();
      // By base: STS counts the calls of whoever assumes, and one base may open a thousand accounts.
      const route = { account: base.key, region: stsRegion(options), session: base, signal, span, subject };
      const { Credentials } = await aws.endpoint("sts", route).call(operation, (client, abortSignal) =>
        client.send(
          new AssumeRoleCommand({
            RoleArn: roleArn,
            RoleSessionName: sessionName,
            ...(externalId !== undefined && { ExternalId: externalId }),
            ...(sessionPolicy !== undefined && { Policy: sessionPolicy }),
            ...(sessionDurationSeconds !== undefined && { DurationSeconds: sessionDurationSeconds }),
          }),
          { abortSignal },
        ),
      );
      return fromSts(Credentials, operation);
    });
  });
}

/**
 * A role session name of STS's alphabet and at most 64 characters: `awsscan-<namespace>.<name>`, cut. It is the same
 * for every run of a scan, so that a session serves them until it ends.
 */
export function roleSessionName(namespace: string, name: string): string {
  return `awsscan-${namespace}.${name}`.replace(/[^\w+=,.@-]/g, "-").slice(0, 64);
}

function stsRegion({ roleArn, region }: RoleOptions): string {
  return homeRegion(parseArn(roleArn)?.partition ?? "aws", region);
}

/** AssumeRoleWithWebIdentity is not signed; a client without credentials would ask the default chain. */
const UNSIGNED = new Session("unsigned", async () => ({ accessKeyId: "", secretAccessKey: "" }));

function fromSts(credentials: StsCredentials | undefined, operation: string): Credentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw invalidAnswer(operation, "STS answered without credentials");
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}
