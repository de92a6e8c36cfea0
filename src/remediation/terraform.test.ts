import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BARE,
  domainPlan,
  FULL,
  HOSTILE,
  hostilePlans,
  notebookPlan,
  PLACE,
  RETIRED,
  RSTUDIO,
} from "../../test/support/remediation-plans.ts";
import { hcl, list, quote } from "./hcl.ts";
import { terraform } from "./terraform.ts";

const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...HOSTILE));

describe("a string of HCL", () => {
  it.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: no template of ours, but of Terraform
    ["${x}", '"$${x}"'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: no template of ours, but of Terraform
    ["$${x}", '"$$${x}"'],
    ["%{x}", '"%%{x}"'],
    ["$x %x {x}", '"$x %x {x}"'],
    ['a "b" \\c', '"a \\"b\\" \\\\c"'],
    ["a\nb\tc\rd", '"a\\nb\\tc\\rd"'],
    ["\u0000\u0085\u202e", '"\\u0000\\u0085\\u202e"'],
    ["\u{e0001}", '"\\U000e0001"'],
    ["\ud800", '"\ufffd"'],
  ])("holds %j", (text, expected) => {
    expect(quote(text)).toBe(expected);
  });

  it("stays in its line and shows all that is in it", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(quote(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });
});

describe("a block of HCL", () => {
  it("aligns what stands together, and sets the rest apart", () => {
    const items = [
      { name: "a", value: "1" },
      { name: "long", value: list(["x", "y"]) },
      { name: "tags", value: { object: [['"a"', '"b"']] as const } },
      { block: "empty", items: [] },
      { comment: "why" },
      { name: "b", value: "2" },
    ];
    expect(hcl([{ block: 'resource "r" "n"', items }])).toBe(
      [
        'resource "r" "n" {',
        "  a    = 1",
        '  long = ["x", "y"]',
        "",
        "  tags = {",
        '    "a" = "b"',
        "  }",
        "",
        "  empty {}",
        "",
        "  # why",
        "  b = 2",
        "}",
      ].join("\n"),
    );
  });
});

describe("a Terraform configuration", () => {
  it("says Disabled of every notebook instance, and lets none be destroyed", () => {
    const text = terraform([notebookPlan(), FULL, RETIRED], PLACE);
    expect(text.match(/direct_internet_access +\S+ "Disabled"/g)).toHaveLength(3);
    expect(text.match(/prevent_destroy = true/g)).toHaveLength(3);
    expect(text).not.toMatch(/^import /m);
  });

  it("declares a variable once, and two where they differ", () => {
    const other = { ...RETIRED, parameters: [{ name: "SubnetId", description: "Another VPC's." } as const] };
    const text = terraform([notebookPlan(), notebookPlan({ name: "second" }), other], PLACE);
    expect([...text.matchAll(/^variable "(\w+)"/gm)].map(([, name]) => name)).toEqual([
      "subnet_id",
      "security_group_ids",
      "subnet_id2",
      "security_group_ids2",
    ]);
  });

  it("imports no domain that a stack owns", () => {
    const tags = [{ key: "aws:servicecatalog:provisionedProductArn", value: "arn" }];
    const text = terraform([domainPlan({ tags })], PLACE);
    expect(text).not.toMatch(/^(import|resource)/m);
    expect(text).toContain("# A stack or a product owns the domain:");
  });

  it("imports a domain and changes one setting", () => {
    const text = terraform([domainPlan()], PLACE);
    expect(text).toContain('import {\n  to = aws_sagemaker_domain.research\n  id = "d-abcdefghijkl"\n}');
    expect(text).toContain('app_network_access_type = "VpcOnly"');
    expect(text).toMatch(/ignore_changes = \[[^\]]*default_user_settings[^\]]*kms_key_id/);
  });

  it("asks for what could not be read of a domain", () => {
    const text = terraform([domainPlan({ authMode: undefined, executionRoleArn: undefined })], PLACE);
    expect(text).toContain("auth_mode               = var.research_auth_mode");
    expect(text).toContain("execution_role = var.research_execution_role");
  });

  it("has but comments of a domain that it would replace, or whose settings it would take away", () => {
    const groupless = { vpcId: "vpc-1", subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] };
    for (const plan of [BARE, domainPlan({ defaultSecurityGroupIds: [] }, { update: groupless })]) {
      const text = terraform([plan], PLACE);
      expect(text.replaceAll(/\n# /g, " ")).toContain("The CLI form of this plan keeps");
      expect(text).not.toContain("aws_sagemaker_domain");
    }
  });

  it("has but a comment of a domain that AWS would refuse to change", () => {
    const text = terraform([RSTUDIO], PLACE);
    expect(text).toContain("# AWS does not let the access type of a domain with RStudio change.");
    expect(text).not.toContain("aws_sagemaker_domain");
  });

  it("says what the provider cannot set", () => {
    const text = terraform(
      [notebookPlan({ ipAddressType: "dualstack", acceleratorTypes: ["ml.eia2.large"] })],
      PLACE,
    );
    expect(text).toContain("# Not carried over: the address type dualstack");
    expect(text).toContain("# Not carried over: the accelerators ml.eia2.large");
  });

  it("has no line that foreign text has opened", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const line of terraform(hostilePlans(text), PLACE).trimEnd().split("\n"))
          expect(line).toMatch(/^$|^ *(#|\}$|\w+( ("[\w-]+" ?)*)?\{$|\w+ += .|"([^"\\]|\\.)*" = ")/);
      }),
    );
  });
});
