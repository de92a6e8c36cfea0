import { generateKeyPair, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** The API server's own secrets, which it finds again after a restart. */
export interface IdentityFiles {
  /** PEM of the RSA key that signs ServiceAccount tokens. */
  readonly signingKeyPath: string;
  /** PEM of its public half. */
  readonly verifyingKeyPath: string;
  /** kube-apiserver's static token file, with one administrator. */
  readonly tokensPath: string;
  /** That administrator's bearer token (group `system:masters`). */
  readonly adminToken: string;
}

/** Makes new keys and an administrator's token in `folder`, readable by their owner only. */
export async function writeIdentityFiles(folder: string): Promise<IdentityFiles> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const files = {
    signingKeyPath: join(folder, "service-account.key"),
    verifyingKeyPath: join(folder, "service-account.pub"),
    tokensPath: join(folder, "tokens.csv"),
    adminToken: randomBytes(32).toString("hex"),
  };
  const ownerOnly = { mode: 0o600 };
  await Promise.all([
    writeFile(files.signingKeyPath, privateKey, ownerOnly),
    writeFile(files.verifyingKeyPath, publicKey, ownerOnly),
    writeFile(files.tokensPath, `${files.adminToken},admin,admin,"system:masters"\n`, ownerOnly),
  ]);
  return files;
}
