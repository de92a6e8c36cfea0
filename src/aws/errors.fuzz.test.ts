import fc from "fast-check";
import { expect, it } from "vitest";
import { fuzz } from "../../test/support/fuzz.ts";
import { damagedText } from "../../test/support/mutations.ts";
import { type AwsCallError, toAwsCallError } from "./errors.ts";

const KINDS = [
  "denied",
  "denied-by-scp",
  "throttled",
  "timed-out",
  "unreachable",
  "not-enabled",
  "unsupported",
  "failed",
];
const REMEDIES = ["never", "paced", "transient", "renewed", "doubted", "corrected"];
const CODES = [
  "AccessDeniedException",
  "ThrottlingException",
  "ECONNRESET",
  "constructor",
  "__proto__",
  "toString",
];

function expectTold({ kind, remedy, code, message, requestId, retryAfterMs }: AwsCallError): void {
  expect(KINDS).toContain(kind);
  expect(REMEDIES).toContain(remedy);
  for (const text of [code, message, requestId ?? ""]) expect(text).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  expect(message.length).toBeLessThanOrEqual(512);
  if (retryAfterMs !== undefined) expect(Number.isFinite(retryAfterMs) && retryAfterMs >= 0).toBe(true);
}

const facts = fc.record({
  name: damagedText(CODES, 1),
  message: damagedText([
    "User is not authorized: SecretAccessKey=abc with an explicit deny in a service control policy",
  ]),
  code: fc.oneof(damagedText(CODES, 1), fc.constant(undefined), fc.anything()),
  $metadata: fc.option(
    fc.record({
      requestId: damagedText(["5f0e7c1a"], 1),
      httpStatusCode: fc.constantFrom(200, 400, 403, 429, 500),
    }),
    { nil: undefined },
  ),
  $response: fc.record({
    headers: fc.record({ "retry-after": damagedText(["3", "Wed, 21 Oct 2026 07:28:00 GMT"], 1) }),
  }),
});

fuzz("an error of the SDK is of a kind, in a line, without secrets", 500, facts, (fields) => {
  const error = toAwsCallError(Object.assign(new Error(), fields), "ListDomains");
  expectTold(error);
  expect(error.message).not.toMatch(/SecretAccessKey=abc\b/);
});

fuzz("whatever is thrown is a failure", 300, fc.anything({ withNullPrototype: true }), (thrown) => {
  expectTold(toAwsCallError(thrown, "ListDomains"));
});

it.each(CODES.slice(3))("the code %s is of no kind of its own", (code) => {
  const thrown = Object.assign(new Error("no"), { name: code, code });
  expect(toAwsCallError(thrown, "ListDomains").kind).toBe("failed");
});
