import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials as StsCredentials,
} from "@aws-sdk/client-sts";
import { abortable } from "../async/abortable.ts";
import { homeRegion, parseArn } from "./arn.ts";
import type { AwsClients, CredentialProvider, Credentials } from "./clients.ts";
import { AwsCallError, toAwsCallError } from "./errors.ts";

/** Renewed this long before they end, so that no request is signed with what expires on the way. */
const RENEW_BEFORE_MS = 5 * 60_000;

/** What assuming any role needs. */
export interface RoleOptions {
  readonly clients: AwsClients;
  readonly roleArn: string;
  /** Names the scan in CloudTrail; see {@link roleSessionName}. */
  readonly sessionName: string;
  /** The scan's: once it aborts, nobody waits for an answer any more. */
  readonly signal: AbortSignal;
  /** The operator's `AWS_REGION`: the regional STS endpoint to ask, where it lies in the role's partition. */
  readonly region: string | undefined;
}

/**
 * Credentials of AssumeRoleWithWebIdentity. `token` is asked anew at every renewal, since it expires too.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function webIdentityCredentials(
  options: RoleOptions & { readonly token: () => Promise<string> },
): CredentialProvider {
  const { clients, roleArn, sessionName, signal, token } = options;
  return renewing(async () => {
    const sts = clients.sts(stsRegion(options), noCredentials);
    const command = new AssumeRoleWithWebIdentityCommand({
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      WebIdentityToken: await abortable(token(), signal),
    });
    try {
      return fromSts(
        (await sts.send(command, { abortSignal: signal })).Credentials,
        "AssumeRoleWithWebIdentity",
      );
    } catch (error) {
      throw toAwsCallError(error, "AssumeRoleWithWebIdentity");
    }
  });
}

/**
 * Credentials of a role assumed with those of `base`.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (chained sessions end after an hour)
 */
export function assumedRoleCredentials(
  options: RoleOptions & { readonly base: CredentialProvider; readonly externalId?: string | undefined },
): CredentialProvider {
  const { clients, roleArn, sessionName, signal, base, externalId } = options;
  return renewing(async () => {
    const sts = clients.sts(stsRegion(options), base);
    const command = new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      ...(externalId !== undefined && { ExternalId: externalId }),
    });
    try {
      return fromSts((await sts.send(command, { abortSignal: signal })).Credentials, "AssumeRole");
    } catch (error) {
      throw toAwsCallError(error, "AssumeRole");
    }
  });
}

/** A role session name of STS's alphabet and at most 64 characters: `awsscan-<scan>-<id>`, the scan's name cut. */
export function roleSessionName(scanName: string, scanId: string): string {
  const id = scanId.replace(/[^\w+=,.@-]/g, "").slice(0, 24);
  const name = scanName.replace(/[^\w+=,.@-]/g, "-").slice(0, 64 - "awsscan--".length - id.length);
  return `awsscan-${name}-${id}`;
}

/**
 * `provider` asked once for all who ask at the same time, and again shortly before what it gave expires. Where it
 * fails then, what it gave before serves until it does expire.
 */
export function renewing(provider: CredentialProvider, now: () => number = Date.now): CredentialProvider {
  let held: Credentials | undefined;
  let renewAt = 0;
  let asking: Promise<Credentials> | undefined;
  const ask = async (): Promise<Credentials> => {
    try {
      held = await provider();
      const end = held.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
      // Of a short session half, or every request would ask for another one.
      renewAt = end - Math.min(RENEW_BEFORE_MS, Math.max(0, end - now()) / 2);
      return held;
    } catch (error) {
      const end = held?.expiration?.getTime() ?? 0;
      if (held === undefined || now() >= end) throw error;
      return held;
    } finally {
      asking = undefined;
    }
  };
  return () => {
    if (held !== undefined && now() < renewAt) return Promise.resolve(held);
    asking ??= ask();
    return asking;
  };
}

function stsRegion({ roleArn, region }: RoleOptions): string {
  return homeRegion(parseArn(roleArn)?.partition ?? "aws", region);
}

/** AssumeRoleWithWebIdentity is not signed; a client without a provider would ask the default chain. */
async function noCredentials(): Promise<Credentials> {
  return { accessKeyId: "", secretAccessKey: "" };
}

function fromSts(credentials: StsCredentials | undefined, operation: string): Credentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new AwsCallError({
      kind: "failed",
      operation,
      code: "InvalidResponse",
      message: "STS answered without credentials",
    });
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}
