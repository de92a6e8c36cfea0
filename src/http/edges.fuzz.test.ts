/** What clients and mounted files give the HTTP servers. */
import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { expect } from "vitest";
import { fuzz } from "../../test/support/fuzz.ts";
import { damagedText } from "../../test/support/mutations.ts";
import { bearerToken } from "./auth/bearer.ts";
import { selfSigned } from "./tls/certificate.ts";
import { keyPairFiles } from "./tls/files.ts";
import { checkKeyPair } from "./tls/serving.ts";

const TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrOHMifQ.c2ln";
const FACTS = {
  commonName: "operator",
  dnsNames: ["localhost"],
  notBefore: new Date("2026-01-01T00:00:00Z"),
  notAfter: new Date("2027-01-01T00:00:00Z"),
};
const PAIR = selfSigned(FACTS);
const OTHER = selfSigned(FACTS);

fuzz(
  "a token is what stands behind Bearer in the one header, or none",
  500,
  fc.array(damagedText([`Bearer ${TOKEN}`, `bearer   ${TOKEN}`, "Basic dXNlcjpwYXNz"], 2), { maxLength: 2 }),
  (headers) => {
    const token = bearerToken(headers);
    if (token === undefined) return;
    expect(headers).toHaveLength(1);
    expect(headers[0]?.toLowerCase().startsWith("bearer ")).toBe(true);
    expect(headers[0]?.endsWith(` ${token}`)).toBe(true);
    expect(token).toMatch(/^[\x21-\x7e]{1,12288}$/);
  },
);

fuzz(
  "files are a pair that serves, or refused with their names and without the key",
  150,
  fc.tuple(
    damagedText([PAIR.cert, PAIR.cert + OTHER.cert, OTHER.cert], 2),
    damagedText([PAIR.key, OTHER.key], 1),
  ),
  async ([cert, key]) => {
    const source = keyPairFiles("/tls.crt", "/tls.key", async (path) => (path === "/tls.crt" ? cert : key));
    try {
      checkKeyPair(await source());
      expect(new X509Certificate(cert).checkIssued(new X509Certificate(cert))).toBeTypeOf("boolean");
    } catch (error) {
      const { message } = error as Error;
      expect(message).toMatch(/^the certificate \/tls\.crt and the key \/tls\.key cannot be used: /);
      expect(message).not.toMatch(/[\p{Cc}\p{Cs}]/u);
      const secrets = [PAIR, OTHER].flatMap(({ key: pem }) =>
        pem.split("\n").filter((line) => /^[^-]/.test(line)),
      );
      for (const secret of secrets) expect(message).not.toContain(secret);
    }
  },
);

fuzz(
  "a certificate of our own is read as the names that it was made for",
  40,
  fc.array(fc.domain(), { minLength: 1, maxLength: 5 }),
  (dnsNames) => {
    const pair = selfSigned({ ...FACTS, dnsNames });
    checkKeyPair(pair);
    expect(new X509Certificate(pair.cert).subjectAltName).toBe(
      dnsNames.map((name) => `DNS:${name}`).join(", "),
    );
  },
);
