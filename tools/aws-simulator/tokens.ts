/** Web identity tokens, verified as IAM does with the keys of the cluster that issued them. */
import { readFile, stat } from "node:fs/promises";
import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { AwsError } from "./errors.ts";

/** The OIDC provider that every account of the fleet has registered. */
export interface IdentityProvider {
  readonly issuer: string;
  /** A JSON Web Key Set; read anew when the file changes, since a cluster's keys may rotate. */
  readonly jwksPath: string;
}

/** Who a token says its bearer is. */
export interface WebIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

const INVALID = "InvalidIdentityToken";

/**
 * The identity of a token that is signed by the provider, not expired and meant for one of `audiences`. Throws
 * `AwsError` in the words of AssumeRoleWithWebIdentity otherwise.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_Errors
 */
export async function verifyWebIdentity(
  token: string,
  provider: IdentityProvider | undefined,
  audiences: ReadonlySet<string>,
  now: Date,
): Promise<WebIdentity> {
  const { iss, sub, aud } = decoded(token);
  if (!provider || iss !== provider.issuer) {
    throw new AwsError(
      INVALID,
      `No OpenIDConnect provider found in your account for ${iss ?? "a token without issuer"}`,
    );
  }
  const keys = await keysOf(provider.jwksPath);
  try {
    await jwtVerify(token, keys, { algorithms: ["RS256"], currentDate: now });
  } catch (error) {
    throw inAwsWords(error, now);
  }
  if (!sub) throw new AwsError(INVALID, "The ID Token provided has no subject");
  const audience = [aud ?? []].flat().find((candidate) => audiences.has(candidate));
  if (audience === undefined) throw new AwsError(INVALID, "Incorrect token audience");
  return { issuer: provider.issuer, subject: sub, audience };
}

type Keys = ReturnType<typeof createLocalJWKSet>;

const read = new Map<string, { readonly version: string; readonly keys: Keys }>();

/** Parsed and imported once for as long as the file stays the same. */
async function keysOf(path: string): Promise<Keys> {
  const { mtimeNs, ino, size } = await stat(path, { bigint: true });
  const version = `${mtimeNs} ${ino} ${size}`;
  const known = read.get(path);
  if (known?.version === version) return known.keys;
  const keys = createLocalJWKSet(JSON.parse(await readFile(path, "utf8")) as JSONWebKeySet);
  read.set(path, { version, keys });
  return keys;
}

function decoded(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw new AwsError(INVALID, "The ID Token provided is not a valid JWT.");
  }
}

function inAwsWords(error: unknown, now: Date): AwsError {
  if (error instanceof errors.JWTExpired) {
    const seconds = Math.floor(now.getTime() / 1000);
    return new AwsError(
      "ExpiredTokenException",
      `Token expired: current date/time ${seconds} must be before the expiration date/time ${error.payload.exp}`,
    );
  }
  if (error instanceof errors.JWKSNoMatchingKey)
    return new AwsError(INVALID, "Couldn't retrieve verification key from your identity provider");
  if (error instanceof errors.JWTClaimValidationFailed) return new AwsError(INVALID, error.message);
  return new AwsError(INVALID, "Provided Token's signature could not be verified");
}
