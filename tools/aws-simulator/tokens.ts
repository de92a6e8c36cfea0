/** Web identity tokens, verified as IAM does with the keys of the cluster that issued them. */
import { readFile } from "node:fs/promises";
import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { AwsError } from "./errors.ts";

/** The OIDC provider that every account of the fleet has registered. */
export interface IdentityProvider {
  readonly issuer: string;
  /** A JSON Web Key Set; read at every verification, since a cluster's keys may rotate. */
  readonly jwksPath: string;
}

/** Who a token says its bearer is. */
export interface WebIdentity {
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
  const keys = JSON.parse(await readFile(provider.jwksPath, "utf8")) as JSONWebKeySet;
  try {
    await jwtVerify(token, createLocalJWKSet(keys), { algorithms: ["RS256"], currentDate: now });
  } catch (error) {
    throw inAwsWords(error, now);
  }
  if (!sub) throw new AwsError(INVALID, "The ID Token provided has no subject");
  const audience = [aud ?? []].flat().find((candidate) => audiences.has(candidate));
  if (audience === undefined) throw new AwsError(INVALID, "Incorrect token audience");
  return { subject: sub, audience };
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
