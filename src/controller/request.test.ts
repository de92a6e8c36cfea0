import { describe, expect, it } from "vitest";
import { scopeDigest, targetsOf } from "./request.ts";

const POLICY = '{"Version":"2012-10-17","Statement":[]}';

describe("scopeDigest", () => {
  const digest = (...include: string[]) => scopeDigest({ rules: { include } });

  it("is that of all rules where all are named", () => {
    expect(digest("SageMaker-004")).toBe(scopeDigest({}));
  });

  it("is another with a rule that is unknown: the verdict on the others is none on it", () => {
    expect(digest("SageMaker-004", "SageMaker-999")).not.toBe(digest("SageMaker-004"));
    expect(digest("SageMaker-999")).not.toBe(digest("SageMaker-998"));
  });
});

describe("targetsOf", () => {
  it("names nothing where the spec names nothing", () => {
    expect(targetsOf({})).toEqual({ accounts: undefined, organization: undefined });
  });

  it("hands on what an account and an organization say of their sessions, durations in seconds", () => {
    const role = {
      id: "123456789012",
      name: "ml",
      roleArn: "arn:aws:iam::123456789012:role/Scan",
      externalId: "x1",
    };
    const organization = { roleName: "Scan", excludeAccounts: ["999999999999"], sessionPolicy: POLICY };
    expect(
      targetsOf({
        accounts: [{ ...role, sessionPolicy: POLICY, sessionDuration: "15m" }, { id: "210987654321" }],
        organization: { ...organization, sessionDuration: "1h" },
      }),
    ).toEqual({
      accounts: [{ ...role, sessionPolicy: POLICY, sessionDurationSeconds: 900 }, { id: "210987654321" }],
      organization: { ...organization, sessionDurationSeconds: 3_600 },
    });
  });

  it.each([
    ["15m0.9s", 900],
    ["0.5h", 1_800],
    ["3600000ms", 3_600],
  ])("makes %s whole seconds, and never more: %i", (sessionDuration, seconds) => {
    const { accounts } = targetsOf({ accounts: [{ id: "123456789012", sessionDuration }] });
    expect(accounts?.[0]?.sessionDurationSeconds).toBe(seconds);
  });
});
