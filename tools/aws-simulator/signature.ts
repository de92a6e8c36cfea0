/** Signature Version 4. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** What is signed of a request. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The Authorization header's claims, true only where {@link isSignedWith} says so. */
export interface Authorization {
  readonly accessKeyId: string;
  /** `YYYYMMDD` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Undefined where the header is missing or is no signature of version 4. */
export function parseAuthorization(header: string | undefined): Authorization | undefined {
  const [, accessKeyId, date, region, service, signedHeaders, signature] = HEADER.exec(header ?? "") ?? [];
  if (!accessKeyId || !date || !region || !service || !signedHeaders || !signature) return undefined;
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(";"), signature };
}

/** Whether the request was signed with `secret`, the key id's own. */
export function isSignedWith(secret: string, claim: Authorization, request: SignedRequest): boolean {
  const { date, region, service, signedHeaders, signature } = claim;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const time = String(request.headers["x-amz-date"] ?? "");
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical(request, signedHeaders))}`;
  const key = [date, region, service, "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return timingSafeEqual(hmac(key, toSign), Buffer.from(signature, "hex"));
}

/** When the request says it was signed, epoch milliseconds; NaN where it does not say. */
export function signedAtMs(headers: IncomingHttpHeaders): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers["x-amz-date"] ?? "")) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function canonical({ method, url, headers, body }: SignedRequest, signedHeaders: readonly string[]): string {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const query = [...searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join("&");
  const lines = signedHeaders.map(
    (name) =>
      `${name}:${String(headers[name] ?? "")
        .trim()
        .replace(/\s+/g, " ")}\n`,
  );
  return [method, pathname, query, lines.join(""), signedHeaders.join(";"), sha256(body)].join("\n");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
