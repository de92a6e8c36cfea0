import { describe, expect, it } from "vitest";
import { checkFleet } from "./fleet.ts";

const ALLOW = { Effect: "Allow", Action: "sagemaker:ListDomains", Resource: "*" };
const TRUST = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "111111111111" } };

/** Loads a fleet with a role that has these policies. */
function load(statement: object, trust: object = TRUST, more: object = {}): () => void {
  const policyOf = (each: object) => ({ Version: "2012-10-17", Statement: [each] });
  const role = {
    name: "Scan",
    trust: { policy: policyOf(trust), ...more },
    policies: [policyOf(statement)],
  };
  const fleet: unknown = { accounts: [{ id: "111111111111", name: "one", roles: [role] }] };
  return () => checkFleet(fleet as Parameters<typeof checkFleet>[0]);
}

describe("policies of a fleet", () => {
  it("are taken where all that they say is understood", () => {
    const condition = {
      StringEquals: { "sts:ExternalId": "acme", "aws:RequestTag/team": ["a", "b"] },
      ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/Hub" },
    };
    expect(load(ALLOW, { ...TRUST, Condition: condition })).not.toThrow();
    expect(load({ ...ALLOW, Action: ["sagemaker:List*"], Sid: "Lists" })).not.toThrow();
  });

  it.each([
    ["NotAction", { ...ALLOW, NotAction: "sts:*" }, 'has no "NotAction"'],
    ["NotResource", { ...ALLOW, NotResource: "*" }, 'has no "NotResource"'],
    ["no resource", { Effect: "Allow", Action: "sagemaker:ListDomains" }, 'lacks "Resource"'],
    ["an action of a service that is not simulated", { ...ALLOW, Action: "s3:GetObject" }, "s3:GetObject"],
    ["a misspelt effect", { ...ALLOW, Effect: "allow" }, "effect"],
    ["a ?", { ...ALLOW, Resource: "arn:aws:sagemaker:*:*:domain/?" }, "without ?"],
    ["a variable", { ...ALLOW, Resource: "arn:aws:iam::*:role/$".concat("{aws:username}") }, "variables"],
    [
      "an operator that is not understood",
      { ...ALLOW, Condition: { StringNotEquals: { "aws:PrincipalArn": "x" } } },
      "StringNotEquals",
    ],
    [
      "a key that no request has",
      { ...ALLOW, Condition: { StringEquals: { "aws:SourceIp": "10.0.0.1" } } },
      "aws:SourceIp",
    ],
    ["conditions that are none", { ...ALLOW, Condition: { StringEquals: null } }, "not an object"],
  ])("are refused with %s", (_, statement, word) => {
    expect(load(statement)).toThrow(word);
  });

  it.each([
    ["everybody", { ...TRUST, Principal: { AWS: "*" } }, "Principal.AWS"],
    ["a session", { ...TRUST, Principal: { AWS: "arn:aws:sts::111111111111:assumed-role/a/b" } }, "AWS"],
    ["nobody", { Effect: "Allow", Action: "sts:AssumeRole" }, 'lacks "Principal"'],
    ["all that is not named", { ...TRUST, NotPrincipal: { AWS: "111111111111" } }, "NotPrincipal"],
  ])("are refused where they trust %s", (_, trust, word) => {
    expect(load(ALLOW, trust)).toThrow(word);
  });

  it("are refused where a trust is said twice", () => {
    expect(load(ALLOW, TRUST, { externalId: "acme" })).toThrow("has a policy and more");
  });
});
