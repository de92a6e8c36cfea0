/** Web identity tokens without a cluster: their keys are made for the test. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

/** How a token differs from a good one. */
export interface TokenOptions {
  readonly kid?: string | undefined;
  /** Signed with a key that is not the issuer's. */
  readonly stranger?: boolean | undefined;
}

/** Who issues tokens, and a folder of the test's own. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly folder: string;
  /** What verifies its tokens, in the folder. */
  readonly jwksPath: string;
  /** A token of `subject` for STS, with other claims where given. */
  mint(subject: string, claims?: JWTPayload, options?: TokenOptions): Promise<string>;
  /** Deletes the folder. */
  close(): Promise<void>;
}

export async function startTokenIssuer(issuer: string): Promise<TokenIssuer> {
  const [own, other] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
  const folder = await mkdtemp(join(tmpdir(), "token-issuer-"));
  const jwksPath = join(folder, "jwks.json");
  const jwk = { ...(await exportJWK(own.publicKey)), kid: "one", alg: "RS256", use: "sig" };
  await writeFile(jwksPath, JSON.stringify({ keys: [jwk] }));
  return {
    issuer,
    folder,
    jwksPath,
    mint(sub, claims = {}, { kid = "one", stranger = false } = {}) {
      const now = Math.floor(Date.now() / 1000);
      const usual = { iss: issuer, sub, aud: ["sts.amazonaws.com"], iat: now, exp: now + 600 };
      const key = stranger ? other.privateKey : own.privateKey;
      return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: "RS256", kid }).sign(key);
    },
    close: () => rm(folder, { recursive: true }),
  };
}
