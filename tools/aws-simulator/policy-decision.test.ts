import { describe, expect, it } from "vitest";
import type { PolicyStatement } from "./policy.ts";
import { type Ask, decide } from "./policy-decision.ts";

const DOMAIN = "arn:aws:sagemaker:eu-west-1:111111111111:domain/d-one";

function decided(statements: readonly Omit<PolicyStatement, "Sid">[], ask: Partial<Ask> = {}) {
  const policies = statements.map((statement) => ({
    Version: "2012-10-17" as const,
    Statement: [statement],
  }));
  return decide(policies, { action: "sagemaker:DescribeDomain", resource: DOMAIN, context: {}, ...ask });
}

const on = (Resource: string, Action = "sagemaker:DescribeDomain") =>
  ({ Effect: "Allow", Action, Resource }) as const;
const when = (operator: string, key: string, value: string | string[]) =>
  ({ ...on("*"), Condition: { [operator]: { [key]: value } } }) as const;

describe("policies", () => {
  it("allow what they name, in any case, and by *", () => {
    expect(decided([on(DOMAIN)])).toBe("allowed");
    expect(decided([on("*", "SageMaker:describedomain")])).toBe("allowed");
    expect(decided([on("arn:aws:sagemaker:*:111111111111:domain/*", "sagemaker:Describe*")])).toBe("allowed");
  });

  it("allow nothing else", () => {
    expect(decided([])).toBe("unmentioned");
    expect(decided([on("*", "sagemaker:DescribeDomains")])).toBe("unmentioned");
    expect(decided([on("arn:aws:sagemaker:*:222222222222:domain/*")])).toBe("unmentioned");
    expect(decided([on("arn:aws:sagemaker:*:*:notebook-instance/*")])).toBe("unmentioned");
  });

  it("do not allow an action without resources by the ARN of some", () => {
    const ask = { action: "sagemaker:ListDomains", resource: "*" };
    expect(decided([on("arn:aws:sagemaker:*:*:domain/*", "sagemaker:*")], ask)).toBe("unmentioned");
    expect(decided([on("*", "sagemaker:*")], ask)).toBe("allowed");
  });

  it("deny what one denies, whatever another allows", () => {
    expect(decided([on("*"), { ...on(DOMAIN), Effect: "Deny" }])).toBe("denied");
    expect(decided([on("*"), { ...on(`${DOMAIN}x`), Effect: "Deny" }])).toBe("allowed");
  });

  it("ask for every condition, each of which one value may meet", () => {
    const context = { "sts:ExternalId": "acme", "aws:PrincipalArn": "arn:aws:iam::1:role/a/Hub" };
    expect(decided([when("StringEquals", "sts:ExternalId", ["other", "acme"])], { context })).toBe("allowed");
    expect(decided([when("StringEquals", "sts:ExternalId", "ac*")], { context })).toBe("unmentioned");
    expect(decided([when("StringLike", "sts:ExternalId", "ac*")], { context })).toBe("allowed");
    const both = { ...when("StringEquals", "sts:ExternalId", "acme") };
    const unmet = { ...both, Condition: { ...both.Condition, StringLike: { "aws:PrincipalArn": "x" } } };
    expect(decided([unmet], { context })).toBe("unmentioned");
  });

  it("are not met by a key without a value", () => {
    expect(decided([when("StringLike", "sts:ExternalId", "*")])).toBe("unmentioned");
  });

  it("compare ARNs part by part", () => {
    const context = { "aws:PrincipalArn": "arn:aws:iam::111111111111:role/a/Hub" };
    const by = (arn: string) => decided([when("ArnLike", "aws:PrincipalArn", arn)], { context });
    expect(by("arn:aws:iam::*:role/*")).toBe("allowed");
    expect(by("arn:*:role/a/Hub")).toBe("unmentioned");
    expect(by("arn:aws:iam::222222222222:role/a/Hub")).toBe("unmentioned");
  });
});
