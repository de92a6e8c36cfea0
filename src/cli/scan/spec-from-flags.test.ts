import { describe, expect, it } from "vitest";
import { UsageError } from "../usage-error.ts";
import { refuseTargetFlags, specFromFlags } from "./spec-from-flags.ts";

const A = "arn:aws:iam::111111111111:role/Scan";
const B = "arn:aws-cn:iam::222222222222:role/path/Scan";

describe("specFromFlags", () => {
  it("asks for the caller's own account where nothing is said", () => {
    expect(specFromFlags({})).toEqual({});
  });

  it("takes the accounts from the roles, each with the external id", () => {
    expect(specFromFlags({ roleArn: [A, B], externalId: "x1", regions: ["eu-*"] })).toEqual({
      accounts: [
        { id: "111111111111", roleArn: A, externalId: "x1" },
        { id: "222222222222", roleArn: B, externalId: "x1" },
      ],
      regions: { include: ["eu-*"] },
    });
  });

  it("holds the credentials to an account without a role", () => {
    expect(specFromFlags({ account: ["111111111111"] })).toEqual({ accounts: [{ id: "111111111111" }] });
  });

  it("scans an organization beside accounts", () => {
    expect(
      specFromFlags({
        roleArn: [A],
        organizationRole: "Scan",
        organizationalUnits: ["ou-ab12-cdef3456"],
        excludeAccounts: ["333333333333"],
        excludeRegions: ["me-*"],
      }),
    ).toEqual({
      accounts: [{ id: "111111111111", roleArn: A }],
      organization: {
        roleName: "Scan",
        organizationalUnits: ["ou-ab12-cdef3456"],
        excludeAccounts: ["333333333333"],
      },
      regions: { exclude: ["me-*"] },
    });
  });

  it.each([
    [
      "several accounts by one set of credentials",
      { account: ["111111111111", "222222222222"] },
      /--role-arn for each/,
    ],
    [
      "a role of an account that is not named",
      { account: ["111111111111"], roleArn: [A, B] },
      /does not name/,
    ],
    [
      "an account that no role is of",
      { account: ["333333333333"], roleArn: [A] },
      /no --role-arn is of --account 333/,
    ],
    ["two roles of one account", { roleArn: [A, A] }, /two of --role-arn/],
    [
      "units of no organization",
      { organizationalUnits: ["ou-ab12-cdef3456"] },
      /--organizational-units is for an org/,
    ],
    ["accounts left out of none", { excludeAccounts: ["111111111111"] }, /give --organization-role too/],
    ["an external id that nobody asks for", { externalId: "x1" }, /--external-id is for roles/],
  ])("refuses %s", (_what, options, message) => {
    expect(() => specFromFlags(options)).toThrow(UsageError);
    expect(() => specFromFlags(options)).toThrow(message);
  });
});

describe("refuseTargetFlags", () => {
  it("names every flag that the manifest says already", () => {
    expect(() => refuseTargetFlags({ account: ["1"], regions: ["eu-*"] })).toThrow(
      /^error: --account, --regions /,
    );
    expect(() => refuseTargetFlags({ filename: ["x"], profile: "p" })).not.toThrow();
  });
});
