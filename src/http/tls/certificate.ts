import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import * as asn1 from "asn1js";
import type { KeyPair } from "./serving.ts";

/** What a self-signed certificate says. */
export interface CertificateFacts {
  readonly commonName: string;
  /** Names by which clients reach the server. */
  readonly dnsNames: readonly string[];
  /** To the second, both before 2050: RFC 5280 has another notation for later times. */
  readonly notBefore: Date;
  readonly notAfter: Date;
}

type Block = asn1.AsnType;

const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const COMMON_NAME = "2.5.4.3";
const KEY_USAGE = "2.5.29.15";
const SUBJECT_ALT_NAME = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
/** `tagClass` of tags that their surroundings give a meaning. */
const CONTEXT = 3;

/** Makes an ECDSA key (P-256) and a certificate of a server signed with it, by RFC 5280. */
export function selfSigned({ commonName, dnsNames, notBefore, notAfter }: CertificateFacts): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const name = sequence(
    new asn1.Set({ value: [sequence(oid(COMMON_NAME), new asn1.Utf8String({ value: commonName }))] }),
  );
  const version3 = new asn1.Integer({ value: 2 });
  const toBeSigned = sequence(
    explicit(0, version3),
    new asn1.Integer({ valueHex: serialNumber() }),
    algorithm,
    name,
    sequence(new asn1.UTCTime({ valueDate: notBefore }), new asn1.UTCTime({ valueDate: notAfter })),
    name,
    asn1.fromBER(publicKey.export({ type: "spki", format: "der" })).result,
    explicit(
      3,
      sequence(
        extension(BASIC_CONSTRAINTS, true, sequence()),
        // The first bit: digitalSignature.
        extension(
          KEY_USAGE,
          true,
          new asn1.BitString({ unusedBits: 7, valueHex: Uint8Array.of(0x80).buffer }),
        ),
        extension(EXTENDED_KEY_USAGE, false, sequence(oid(SERVER_AUTH))),
        extension(SUBJECT_ALT_NAME, false, sequence(...dnsNames.map(dnsName))),
      ),
    ),
  );
  const signature = sign("sha256", Buffer.from(toBeSigned.toBER()), privateKey);
  const certificate = sequence(
    toBeSigned,
    algorithm,
    new asn1.BitString({ valueHex: Uint8Array.from(signature).buffer }),
  );
  return { cert: pem(certificate.toBER()), key: privateKey.export({ type: "pkcs8", format: "pem" }) };
}

function sequence(...value: Block[]): asn1.Sequence {
  return new asn1.Sequence({ value });
}

function oid(value: string): asn1.ObjectIdentifier {
  return new asn1.ObjectIdentifier({ value });
}

function explicit(tagNumber: number, value: Block): asn1.Constructed {
  return new asn1.Constructed({ idBlock: { tagClass: CONTEXT, tagNumber }, value: [value] });
}

function extension(id: string, critical: boolean, value: Block): asn1.Sequence {
  // DER leaves a default out.
  const flag = critical ? [new asn1.Boolean({ value: true })] : [];
  return sequence(oid(id), ...flag, new asn1.OctetString({ valueHex: value.toBER() }));
}

function dnsName(name: string): asn1.Primitive {
  const valueHex = Uint8Array.from(Buffer.from(name, "ascii")).buffer;
  return new asn1.Primitive({ idBlock: { tagClass: CONTEXT, tagNumber: 2 }, valueHex });
}

/** 127 random bits: positive, and in as few bytes as DER wants. */
function serialNumber(): ArrayBuffer {
  const bytes = Uint8Array.from(randomBytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.buffer;
}

function pem(der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
