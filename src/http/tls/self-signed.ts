import { selfSigned } from "./certificate.ts";
import type { KeyPair, KeyPairSource } from "./serving.ts";

const HOUR_MS = 3_600_000;
const VALID_MS = 365 * 24 * HOUR_MS;
/** Names as DNS has them; what a machine calls itself may be anything. */
const DNS_NAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/i;

/**
 * A certificate that nobody vouches for, for `localhost` and `hostname`, in memory alone: it encrypts, and clients must
 * not verify it. Good for a year, and another one in its second half. `now`: milliseconds since the epoch.
 */
export function selfSignedSource(hostname: string, now: () => number): KeyPairSource {
  const dnsNames = ["localhost", hostname].filter((name) => DNS_NAME.test(name));
  let made: { readonly pair: KeyPair; readonly atMs: number } | undefined;
  return async () => {
    const nowMs = now();
    if (made === undefined || nowMs - made.atMs > VALID_MS / 2) {
      const notBefore = new Date(nowMs - HOUR_MS); // Clients' clocks may be behind.
      const notAfter = new Date(nowMs + VALID_MS);
      const commonName = "aws-account-scan-operator";
      made = { pair: selfSigned({ commonName, dnsNames, notBefore, notAfter }), atMs: nowMs };
    }
    return made.pair;
  };
}
