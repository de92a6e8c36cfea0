import { describe, expect, it } from "vitest";
import type { FaultRule } from "../../tools/aws-simulator/faults.ts";
import type { AccountSpec, Fleet } from "../../tools/aws-simulator/fleet.ts";
import { accountsOf, expectPassed, requestsOf, rescanned, scanned } from "../support/credentials-scan.ts";
import { condition } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";
import { serviceAccountFor } from "../support/tenant.ts";

const MANAGEMENT = "111111111111";
const WORKLOAD = "222222222222";
const NESTED = "333333333333";
const SANDBOX = "444444444444";
const SHUT = "555555555555";
const SUSPENDED = "666666666666";
const EXCLUDED = "777777777777";
const JOINED = "888888888888";
const HUB = `arn:aws:iam::${WORKLOAD}:role/Hub`;
const READER = `arn:aws:iam::${MANAGEMENT}:role/OrgReader`;
const WORKLOADS = "ou-ab12-workloads";
const EXTERNAL_ID = "ext-org";

/** An account with one notebook, and with a role in a path that the hub may assume unless it is shut. */
function member(id: string, name: string, changes: Partial<AccountSpec> = {}): AccountSpec {
  const trust = { principals: [HUB], externalId: EXTERNAL_ID };
  return {
    id,
    name,
    enabledRegions: ["us-east-1"],
    roles: [{ name: "Scan", path: "/compliance/", trust }],
    regions: { "us-east-1": { notebooks: [{ name: "closed", directInternetAccess: "Disabled" }] } },
    ...changes,
  };
}

function fleet(namespace: string): Fleet {
  const hub = member(WORKLOAD, "workload");
  const management = member(MANAGEMENT, "management");
  const subjects = [`system:serviceaccount:${namespace}:scanner`];
  return {
    accounts: [
      {
        ...management,
        roles: [...(management.roles ?? []), { name: "OrgReader", trust: { principals: [HUB] } }],
      },
      { ...hub, roles: [...(hub.roles ?? []), { name: "Hub", trust: { webIdentity: { subjects } } }] },
      member(NESTED, "nested"),
      member(SANDBOX, "sandbox"),
      member(SHUT, "shut", { roles: [] }),
      member(SUSPENDED, "suspended", { status: "SUSPENDED" }),
      member(EXCLUDED, "excluded"),
    ],
    organization: {
      id: "o-simulated",
      managementAccount: MANAGEMENT,
      root: {
        id: "r-ab12",
        name: "Root",
        accounts: [MANAGEMENT],
        units: [
          {
            id: WORKLOADS,
            name: "Workloads",
            accounts: [WORKLOAD, SUSPENDED],
            units: [{ id: "ou-ab12-productive", name: "Productive", accounts: [NESTED] }],
          },
          { id: "ou-ab12-sandboxes", name: "Sandboxes", accounts: [SANDBOX, SHUT, EXCLUDED] },
        ],
      },
    },
  };
}

const stack = useStack({ fleet });
const organization = {
  roleName: "compliance/Scan",
  externalId: EXTERNAL_ID,
  managementRoleArn: READER,
  excludeAccounts: [EXCLUDED],
};
const base = { credentials: { serviceAccountName: "scanner" }, regions: { include: ["us-east-1"] } };
const withScanner = () => {
  const { namespace } = stack();
  return serviceAccountFor({ namespace, name: "scanner" }, HUB, namespace);
};

/** An organization that cannot be read, and what is told of it. */
interface Unreadable {
  readonly what: string;
  readonly name: string;
  readonly changes: object;
  readonly faults?: readonly FaultRule[];
  readonly failure: { readonly operation: string; readonly reason: string };
}

describe("an organization", () => {
  it("is scanned without excluded and suspended accounts, and one that is shut hinders no other", async () => {
    const { aws, scans } = stack();
    await withScanner();
    await aws.setFaults({ kind: "short-page", service: "organizations", pageSize: 2 });
    const scan = await scanned(scans, { name: "all", spec: { ...base, organization } });
    await aws.setFaults();
    expect(accountsOf(scan)).toEqual([MANAGEMENT, WORKLOAD, NESTED, SANDBOX, SHUT]);
    expect(scan.status?.accounts).toContainEqual(
      expect.objectContaining({ id: NESTED, name: "nested", resources: 1 }),
    );
    expect(scan.status?.summary).toMatchObject({ resources: 4, compliant: 4, violations: 0 });
    expect(scan.status?.failures).toMatchObject([
      { account: SHUT, operation: "AssumeRole", reason: "AccessDenied" },
    ]);
    expect(condition(scan, "Ready").status).toBe("True");
    expect(condition(scan, "Complete")).toMatchObject({ status: "False", reason: "AccessDenied" });
    expect(condition(scan, "Compliant").status).toBe("Unknown");
    const asked = new Set((await requestsOf(aws, "all")).map(({ account }) => account));
    expect(asked).not.toContain(SUSPENDED);
    expect(asked).not.toContain(EXCLUDED);
  });

  it("is scanned below the units that are named, at any depth, and nowhere else", async () => {
    const { aws, scans } = stack();
    await withScanner();
    const spec = { ...base, organization: { ...organization, organizationalUnits: [WORKLOADS] } };
    expectPassed(await scanned(scans, { name: "below", spec }), [WORKLOAD, NESTED], 2);
    const asked = (await requestsOf(aws, "below")).filter(
      ({ operation }) => operation === "ListAccountsForParent",
    );
    expect(asked.map(({ resource }) => resource).sort()).toEqual(["ou-ab12-productive", WORKLOADS]);
  });

  it("lets a listed account keep its own entry", async () => {
    const { scans } = stack();
    await withScanner();
    const accounts = [{ id: WORKLOAD, name: "the hub itself" }];
    const spec = {
      ...base,
      accounts,
      organization: { ...organization, organizationalUnits: [WORKLOADS] },
    };
    const scan = await scanned(scans, { name: "listed", spec });
    expectPassed(scan, [WORKLOAD, NESTED], 2);
    expect(scan.status?.accounts?.map(({ name }) => name).sort()).toEqual(["nested", "the hub itself"]);
  });

  it.each<Unreadable>([
    {
      what: "Organizations denies",
      name: "denied",
      changes: {},
      faults: [{ kind: "deny", service: "organizations" }],
      failure: { operation: "ListAccounts", reason: "AccessDenied" },
    },
    {
      what: "the asking account may not ask",
      name: "member",
      changes: { managementRoleArn: undefined },
      failure: { operation: "ListAccounts", reason: "AccessDenied" },
    },
    {
      what: "its management role is not to be assumed",
      name: "no-reader",
      changes: { managementRoleArn: `arn:aws:iam::${MANAGEMENT}:role/Nobody` },
      failure: { operation: "AssumeRole", reason: "AccessDenied" },
    },
    {
      what: "a unit does not exist",
      name: "no-unit",
      changes: { organizationalUnits: ["ou-ab12-nowhere12"] },
      failure: { operation: "ListAccountsForParent", reason: "ServiceError" },
    },
  ])("leaves the scan incomplete where $what, although the listed accounts pass", async (unreadable) => {
    const { aws, scans } = stack();
    const { name, changes, faults = [], failure } = unreadable;
    await withScanner();
    await aws.setFaults(...faults);
    const accounts = [{ id: WORKLOAD }];
    const spec = { ...base, accounts, organization: { ...organization, ...changes } };
    const scan = await scanned(scans, { name, spec });
    await aws.setFaults();
    expect(scan.status?.summary).toMatchObject({ resources: 1, compliant: 1 });
    expect(condition(scan, "Ready").status).toBe("True");
    expect(condition(scan, "Complete")).toMatchObject({ status: "False", reason: failure.reason });
    expect(condition(scan, "Compliant").status).toBe("Unknown");
    expect(scan.status?.lastScan?.outcome).toBe("Incomplete");
    expect(scan.status?.failures).toMatchObject([{ account: "", ...failure }]);
  });

  it("takes up an account that joins it with the next scan", async () => {
    const { aws, scans, namespace } = stack();
    await withScanner();
    const spec = { ...base, organization: { ...organization, organizationalUnits: ["ou-ab12-newcomers"] } };
    const withUnit = (accounts: readonly string[]): Fleet => {
      const world = fleet(namespace);
      const root = world.organization?.root;
      if (root === undefined) throw new Error("the fleet has an organization");
      const units = [...(root.units ?? []), { id: "ou-ab12-newcomers", name: "Newcomers", accounts }];
      const others = world.accounts.filter(({ id }) => id !== JOINED);
      const accountsNow = [...others, ...accounts.map((id) => member(id, "joined"))];
      return {
        accounts: accountsNow,
        organization: { ...world.organization, root: { ...root, units } },
      } as Fleet;
    };
    await aws.setFleet(withUnit([]));
    const empty = await scanned(scans, { name: "joining", spec });
    expect(condition(empty, "Compliant").status).toBe("Unknown");
    await aws.setFleet(withUnit([JOINED]));
    expectPassed(await rescanned(scans, "joining"), [JOINED], 1);
    await aws.setFleet(fleet(namespace));
  });

  it("has a hint where the management account lacks the role, which StackSets do not create there", async () => {
    const { aws, scans } = stack();
    await withScanner();
    const scan = `arn:aws:iam::${MANAGEMENT}:role/compliance/Scan`;
    await aws.setFaults({ kind: "deny", operation: "AssumeRole", name: scan });
    const { status } = await scanned(scans, { name: "management", spec: { ...base, organization } });
    await aws.setFaults();
    const told = status?.failures?.find(({ account }) => account === MANAGEMENT);
    expect(told).toMatchObject({ operation: "AssumeRole", reason: "AccessDenied" });
    expect(told?.message).toMatch(/^This is the organization's management account, .*excludeAccounts/);
    const shut = status?.failures?.find(({ account }) => account === SHUT);
    expect(shut?.message).not.toContain("management account");
  });

  it("is entered by sessions as narrow and as short as the spec says", async () => {
    const { aws, scans } = stack();
    await withScanner();
    const sessionPolicy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["sagemaker:List*", "sagemaker:DescribeNotebook*"], Resource: "*" },
      ],
    });
    const narrowed = {
      ...organization,
      organizationalUnits: ["ou-ab12-productive"],
      sessionDuration: "15m",
    };
    const enough = { ...base, organization: { ...narrowed, sessionPolicy } };
    expectPassed(await scanned(scans, { name: "narrow", spec: enough }), [NESTED], 1);
    const tooLittle = sessionPolicy.replace('"sagemaker:List*",', "");
    const spec = { ...base, organization: { ...narrowed, sessionPolicy: tooLittle } };
    // Another policy is another session, with nothing of what the wider one had read.
    const scan = await scanned(scans, { name: "narrow", spec });
    expect(condition(scan, "Complete")).toMatchObject({ status: "False", reason: "AccessDenied" });
    expect(condition(scan, "Compliant").status).toBe("Unknown");
    const [denied] = scan.status?.failures ?? [];
    expect(denied).toMatchObject({ account: NESTED, operation: "ListDomains" });
    expect(denied?.message).toContain("no session policy allows");
    const assumed = (await requestsOf(aws, "narrow")).filter(({ operation }) => operation === "AssumeRole");
    expect(new Set(assumed.map(({ durationSeconds }) => durationSeconds))).toEqual(new Set([undefined, 900]));
  });

  it("that cannot be read leaves nothing to scan where no account is listed", async () => {
    const { aws, scans } = stack();
    await withScanner();
    await aws.setFaults({ kind: "deny", operation: "ListAccounts" });
    const scan = await scanned(scans, { name: "blind", spec: { ...base, organization } });
    await aws.setFaults();
    expect(condition(scan, "Ready")).toMatchObject({ status: "False", reason: "ScanFailed" });
    expect(condition(scan, "Complete")).toMatchObject({ status: "False", reason: "AccessDenied" });
    expect(condition(scan, "Compliant").status).toBe("Unknown");
    expect(scan.status?.failures).toMatchObject([{ operation: "ListAccounts", reason: "AccessDenied" }]);
  });
});
