/** Above every token that is issued today, and with other headers within Node's 16 KiB for all of them. */
const MAX_TOKEN = 12 * 1024;
/** RFC 6750, section 2.1; the scheme's case does not matter (RFC 9110, section 11.1). */
const BEARER = /^bearer +([\w\-.~+/]+=*)$/i;

/** The token of a request, by the values of its Authorization headers; undefined unless there is exactly one good one. */
export function bearerToken(headers: readonly string[]): string | undefined {
  const [header] = headers;
  if (header === undefined || headers.length > 1) return undefined;
  const token = BEARER.exec(header)?.[1];
  return token === undefined || token.length > MAX_TOKEN ? undefined : token;
}
