import { describe, expect, it } from "vitest";
import { AwsCallError, toAwsCallError } from "./errors.ts";

function sdkError(name: string, message = "no", extra: object = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: { requestId: "r-1" } }, extra);
}

function metadata(httpStatusCode: number): object {
  return { $metadata: { requestId: "r-1", httpStatusCode } };
}

describe("toAwsCallError", () => {
  it.each([
    ["AccessDeniedException", "is not authorized to perform: sagemaker:ListDomains", "denied"],
    ["AccessDenied", "explicit deny in a service control policy", "denied-by-scp"],
    ["InvalidIdentityTokenException", "Incorrect token audience", "denied"],
    ["ThrottlingException", "Rate exceeded", "throttled"],
    ["UnrecognizedClientException", "The security token included in the request is invalid.", "not-enabled"],
    ["AuthFailure", "AWS was not able to validate the provided access credentials", "not-enabled"],
    ["UnknownOperationException", "ListDomains is not supported in the called region.", "unsupported"],
    ["UnknownOperationException", "The requested operation is not recognized", "failed"],
    ["ValidationException", "RecordNotFound", "failed"],
    ["InternalFailure", "try again", "failed"],
    ["TimeoutError", "socket timed out", "timed-out"],
    ["SyntaxError", "Unexpected end of JSON input", "failed"],
  ])("takes %s «%s» for %s", (name, message, kind) => {
    expect(toAwsCallError(sdkError(name, message), "ListDomains")).toMatchObject({
      kind,
      code: name,
      requestId: "r-1",
    });
  });

  it("knows a broken connection by the socket's code, whatever the error is called", () => {
    const reset = sdkError("TimeoutError", "socket hang up", { code: "ECONNRESET" });
    expect(toAwsCallError(reset, "ListDomains")).toMatchObject({ kind: "unreachable", code: "ECONNRESET" });
    const unknown = sdkError("Error", "getaddrinfo ENOTFOUND", { code: "ENOTFOUND" });
    expect(toAwsCallError(unknown, "ListDomains").kind).toBe("unreachable");
  });

  it.each([
    ["EC2's own word for a session that has ended", sdkError("RequestExpired"), "renewed"],
    [
      "a clock that was set right since the last answer",
      sdkError("SignatureDoesNotMatch", "Signature expired: 20261125T091114Z is now earlier than"),
      "corrected",
    ],
    ["a wrong secret", sdkError("SignatureDoesNotMatch", "The request signature we calculated"), "never"],
    ["an answer of XML that was cut off", sdkError("Error", "", metadata(200)), "transient"],
    ["an answer of JSON that was cut off", new SyntaxError("Unexpected end of JSON input"), "transient"],
    ["an error of the service", sdkError("InternalFailure", "", metadata(500)), "transient"],
    ["an error of the request", sdkError("ValidationException", "", metadata(400)), "never"],
  ])("knows what may help after %s", (_, error, remedy) => {
    expect(toAwsCallError(error, "DescribeRegions").remedy).toBe(remedy);
  });

  it("keeps what was told already, and shows no secret", () => {
    const known = new AwsCallError({
      kind: "throttled",
      operation: "AssumeRole",
      code: "Throttling",
      message: "slow",
    });
    expect(toAwsCallError(known, "ListDomains")).toBe(known);
    const leaky = toAwsCallError(sdkError("X", "SessionToken=abc123 of ASIAIOSFODNN7EXAMPLE"), "ListDomains");
    expect(leaky.message).toBe("SessionToken=[redacted] of [key id]");
    expect(toAwsCallError("a string", "ListDomains").message).toBe("a string");
  });
});
