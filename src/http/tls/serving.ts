import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContextOptions } from "node:tls";

/** A certificate with its chain, and its private key: PEM, the key a secret. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** Where a server's key pair comes from. Rejects, with what is wrong and where, when there is no good one. */
export type KeyPairSource = () => Promise<KeyPair>;

/** What a server over TLS is made with. Also what its context is replaced by: Node forgets what is left out then. */
export type ServerTls = SecureContextOptions & { readonly handshakeTimeout: number };

export function serverTls({ cert, key }: KeyPair): ServerTls {
  return { cert, key, minVersion: "TLSv1.2", handshakeTimeout: 10_000 };
}

/** When the pair's own certificate ends, in words. @throws {Error} where the two do not belong together or are none. */
export function checkKeyPair(pair: KeyPair): { readonly notAfter: string } {
  const certificate = new X509Certificate(pair.cert);
  if (!certificate.checkPrivateKey(createPrivateKey(pair.key))) {
    throw new Error("the private key is not that of the certificate");
  }
  createSecureContext(serverTls(pair));
  return { notAfter: certificate.validToDate.toISOString() };
}
