import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DOMAIN, NOTEBOOK_INSTANCE, type Resource } from "../resource.ts";
import { sagemaker004 } from "./rule.ts";

const place = {
  arn: "arn:aws:sagemaker:us-east-1:123456789012:x/y",
  name: "y",
  account: "123456789012",
  region: "us-east-1",
};
const notebook = (directInternetAccess: string | undefined): Resource => ({
  ...place,
  type: NOTEBOOK_INSTANCE,
  directInternetAccess,
});
const domain = (appNetworkAccessType: string | undefined): Resource => ({
  ...place,
  type: DOMAIN,
  appNetworkAccessType,
});

describe("SageMaker-004", () => {
  it.each([
    ["a notebook with DirectInternetAccess Enabled", notebook("Enabled"), "violation"],
    ["a notebook with DirectInternetAccess Disabled", notebook("Disabled"), "compliant"],
    ["a notebook without the field", notebook(undefined), "unknown"],
    ["a notebook with an empty field", notebook(""), "unknown"],
    ["a notebook with the value in another case", notebook("disabled"), "unknown"],
    ["a domain that is VpcOnly", domain("VpcOnly"), "compliant"],
    ["a domain that is PublicInternetOnly", domain("PublicInternetOnly"), "violation"],
    ["a domain without the field, whose default is public", domain(undefined), "violation"],
    ["a domain with a value nobody knows", domain("Hybrid"), "unknown"],
  ])("judges %s", (_what, resource, verdict) => {
    expect(sagemaker004.evaluate(resource).verdict).toBe(verdict);
  });

  it("calls nothing compliant but the two values that are", () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (value, isNotebook) => {
        const { verdict } = sagemaker004.evaluate(isNotebook ? notebook(value) : domain(value));
        const passing = isNotebook ? value === "Disabled" : value === "VpcOnly";
        expect(verdict === "compliant").toBe(passing);
      }),
    );
  });

  it("shows what it read, whatever that was", () => {
    fc.assert(
      fc.property(fc.option(fc.string(), { nil: undefined }), (value) => {
        expect(sagemaker004.evaluate(notebook(value)).evidence).toEqual({
          DirectInternetAccess: value ?? null,
        });
        expect(sagemaker004.evaluate(domain(value)).evidence).toEqual({
          AppNetworkAccessType: value ?? null,
        });
      }),
    );
  });
});
