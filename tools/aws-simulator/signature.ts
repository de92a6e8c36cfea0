/** Signature Version 4. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
import { createHmac, createSecretKey, hash, type KeyObject } from "node:crypto";
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
  return (
    createHmac("sha256", signingKey(secret, claim, scope))
      .update(toSign)
      .digest("hex") === signature
  );
}

/** When the request says it was signed, epoch milliseconds; NaN where it does not say. */
export function signedAtMs(headers: IncomingHttpHeaders): number {
  const time = headers["x-amz-date"];
  if (typeof time !== "string" || !/^\d{8}T\d{6}Z$/.test(time)) return Number.NaN;
  const part = (from: number, to: number) => Number(time.slice(from, to));
  const [year, month, day] = [part(0, 4), part(4, 6), part(6, 8)];
  return Date.UTC(year, month - 1, day, part(9, 11), part(11, 13), part(13, 15));
}

/** Many more than the regions and services of the accounts that are scanned in an hour. */
const KEEP_KEYS = 50_000;
const signingKeys = new Map<string, KeyObject>();

/** A client's key is good for a day and takes four times what checking one signature does. */
function signingKey(secret: string, { date, region, service }: Authorization, scope: string): KeyObject {
  const id = `${secret} ${scope}`;
  let key = signingKeys.get(id);
  if (!key) {
    const parts = [date, region, service, "aws4_request"];
    const bytes = parts.reduce<string | Buffer>(
      (from, part) => createHmac("sha256", from).update(part).digest(),
      `AWS4${secret}`,
    );
    key = createSecretKey(Buffer.from(bytes));
    if (signingKeys.size >= KEEP_KEYS) signingKeys.clear();
    signingKeys.set(id, key);
  }
  return key;
}

function canonical({ method, url, headers, body }: SignedRequest, signedHeaders: readonly string[]): string {
  const lines = signedHeaders.map((name) => `${name}:${singleSpaced(headers[name])}\n`);
  return `${method}\n${canonicalUrl(url)}\n${lines.join("")}\n${signedHeaders.join(";")}\n${sha256(body)}`;
}

/** Path and query. The services that are simulated are asked at `/`, without a query. */
function canonicalUrl(url: string): string {
  if (url === "/") return "/\n";
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const query = [...searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join("&");
  return `${pathname}\n${query}`;
}

function singleSpaced(value: string | readonly string[] | undefined): string {
  const text = typeof value === "string" ? value : String(value ?? "");
  return /\s\s|^\s|\s$/.test(text) ? text.trim().replace(/\s+/g, " ") : text;
}

function sha256(text: string): string {
  return hash("sha256", text);
}
