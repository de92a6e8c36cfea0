import { describe, expect, it } from "vitest";
import { describeFramework, frameworksOf } from "./framework.ts";
import { RULES } from "./registry.ts";
import { DOMAIN, NOTEBOOK_INSTANCE } from "./resource.ts";

describe.each(RULES)("the frameworks of $id", ({ frameworks: mapping }) => {
  it("name a source for every framework and every id, and nobody as a source who gives nothing", () => {
    const named = mapping.frameworks.flatMap(({ claimedBy, controls }) => [
      ...claimedBy,
      ...controls.flatMap(({ sources }) => sources),
    ]);
    for (const { claimedBy, controls } of mapping.frameworks) {
      expect(claimedBy).not.toEqual([]);
      for (const { sources } of controls) expect(sources).not.toEqual([]);
    }
    expect([...new Set(named)].sort()).toEqual(Object.keys(mapping.sources).sort());
  });

  it("have ids once, and sources that are URLs", () => {
    for (const { controls } of mapping.frameworks) {
      expect(new Set(controls.map(({ id }) => id)).size).toBe(controls.length);
    }
    for (const { url } of Object.values(mapping.sources)) expect(URL.canParse(url)).toBe(true);
  });
});

describe("frameworksOf SageMaker-004", () => {
  const mapping = RULES[0]?.frameworks ?? { sources: {}, frameworks: [] };
  const lines = (type: typeof NOTEBOOK_INSTANCE | typeof DOMAIN) =>
    frameworksOf(mapping, type).map(describeFramework);

  it("gives Security Hub's ids where it has any, the others' where it has none, and no ids where nobody has", () => {
    expect(lines(NOTEBOOK_INSTANCE)).toEqual([
      "PCI DSS 4.0.1: 1.4.4",
      "PCI DSS 3.2.1: 1.2.1, 1.3.1, 1.3.2, 1.3.4, 1.3.6",
      "HIPAA: 164.308(a)(1)(ii)(B), 164.308(a)(3)(i), 164.308(a)(4)(ii)(C), 164.312(a)(1), 164.312(e)(1)",
      "GDPR",
      "APRA CPG 234",
      "NIST SP 800-53 Rev. 4: AC-3, AC-4, AC-6, AC-21, SC-7, SC-7(3)",
      "NIST SP 800-53 Rev. 5: AC-3, AC-3(7), AC-4, AC-4(21), AC-6, AC-21, SC-7, SC-7(3), SC-7(4), SC-7(9), SC-7(11), SC-7(16), SC-7(20), SC-7(21)",
      "AWS Foundational Security Best Practices: SageMaker.1",
      "AWS Config: SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS",
    ]);
  });

  it("claims of a domain nothing that its sources say of notebook instances alone", () => {
    expect(lines(DOMAIN)).toContain("AWS Config: SAGEMAKER_DOMAIN_IN_VPC");
    expect(lines(DOMAIN).join()).not.toMatch(/SageMaker\.1|SAGEMAKER_NOTEBOOK/);
  });
});
