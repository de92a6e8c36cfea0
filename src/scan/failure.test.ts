import { describe, expect, it } from "vitest";
import { AwsCallError } from "../aws/errors.ts";
import { cutOffFailure, failureOf } from "./failure.ts";

const BY_SCP =
  "User: arn:aws:sts::111111111111:assumed-role/Scan/x is not authorized to perform: sagemaker:ListDomains with an explicit deny in a service control policy";

function denied(message: string): Error {
  return Object.assign(new Error(message), { name: "AccessDeniedException" });
}

describe("failureOf", () => {
  it("says first what to do about a region that a service control policy closes", () => {
    const failure = failureOf(denied(BY_SCP), "ListDomains", "111111111111", "eu-west-1");
    expect(failure).toMatchObject({ kind: "denied-by-scp", reason: "DeniedByServiceControlPolicy" });
    expect(failure.message).toBe(
      `A service control policy forbids ListDomains in eu-west-1. If it closes this region on purpose, add eu-west-1 to spec.regions.exclude. AWS: ${BY_SCP}`,
    );
  });

  it("bounds that message, and keeps what to do", () => {
    const { message } = failureOf(denied(`${BY_SCP} ${"x".repeat(2_000)}`), "ListDomains", "1", "eu-west-1");
    expect(message.length).toBeLessThanOrEqual(512);
    expect(message.slice(0, 200)).toContain("add eu-west-1 to spec.regions.exclude. ");
  });

  it.each([
    ["a policy of the organisation where no region is known", denied(BY_SCP), ""],
    ["another refusal", denied("no identity-based policy allows it"), "eu-west-1"],
    [
      "a call that was told before",
      new AwsCallError({ kind: "throttled", operation: "ListDomains", code: "Slow", message: "slow" }),
      "eu-west-1",
    ],
  ])("leaves AWS's words on %s as they are", (_what, error, region) => {
    expect(failureOf(error, "ListDomains", "111111111111", region).message).toBe(error.message);
  });

  it.each([
    ["eu-west-1", "not-enabled", "RegionNotEnabled"],
    ["", "denied", "AccessDenied"],
  ])("takes refused credentials in region %j for %s", (region, kind, reason) => {
    const error = Object.assign(new Error("bad"), { name: "UnrecognizedClientException" });
    expect(failureOf(error, "ListDomains", "111111111111", region)).toMatchObject({ kind, reason });
  });
});

describe("cutOffFailure", () => {
  it("tells a deadline, and how far the work got", () => {
    const signal = AbortSignal.abort(new DOMException("too long", "TimeoutError"));
    const failure = cutOffFailure(signal, "ListDomains", "111111111111", "eu-west-1", {
      listed: 9,
      judged: 4,
    });
    expect(failure).toMatchObject({ kind: "timed-out", reason: "TimedOut", region: "eu-west-1" });
    expect(failure.message).toMatch(
      /^The scan's timeout was reached with 4 of the 9 resources.*longer timeout/,
    );
  });

  it("does not blame a timeout where somebody stopped the scan", () => {
    const failure = cutOffFailure(AbortSignal.abort(), "ListDomains", "111111111111");
    expect(failure).toMatchObject({ kind: "timed-out", reason: "Stopped", code: "Stopped" });
    expect(failure.message).toBe("The scan was stopped before this could be read.");
  });
});
