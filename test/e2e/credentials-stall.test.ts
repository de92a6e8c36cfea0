import { describe, expect, it } from "vitest";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { expectPassed, expectStalled, requestsOf, rescanned, scanned } from "../support/credentials-scan.ts";
import { condition } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";
import { applyServiceAccount, naming, OPT_IN, permitTokens } from "../support/tenant.ts";

const A = "111111111111";
const HUB = `arn:aws:iam::${A}:role/Hub`;
const NOT_ALLOWED = `arn:aws:iam::${A}:role/Admin`;

function fleet(namespace: string): Fleet {
  const trust = { webIdentity: { subjects: [`system:serviceaccount:${namespace}:*`] } };
  return {
    accounts: [
      {
        id: A,
        name: "a",
        enabledRegions: ["us-east-1"],
        // Both trust every tenant: what keeps them from the second is the operator alone.
        roles: [
          { name: "Hub", trust },
          { name: "Admin", trust },
        ],
        regions: { "us-east-1": { notebooks: [{ name: "closed", directInternetAccess: "Disabled" }] } },
      },
    ],
  };
}

const stack = useStack({ fleet, args: [`--allowed-role-arns=${HUB}`] });

interface Stall {
  readonly what: string;
  readonly name: string;
  readonly reason: string;
  readonly says: string;
  /** Of the ServiceAccount at first; undefined: there is none. */
  readonly annotations: Readonly<Record<string, string>> | undefined;
  readonly permitted: boolean;
}

const agreed = { ...OPT_IN, ...naming(HUB) };
const STALLS: readonly Stall[] = [
  {
    what: "a ServiceAccount that is missing",
    name: "tenant-missing",
    reason: "ServiceAccountNotFound",
    says: "does not exist. Create it",
    annotations: undefined,
    permitted: true,
  },
  {
    what: "a ServiceAccount that has not agreed",
    name: "tenant-silent",
    reason: "ServiceAccountNotOptedIn",
    says: 'Annotate it with awsaccountscan.dev/allow-scans: "true"',
    annotations: naming(HUB),
    permitted: true,
  },
  {
    what: "a ServiceAccount that has not agreed in so many words",
    name: "tenant-vague",
    reason: "ServiceAccountNotOptedIn",
    says: 'Annotate it with awsaccountscan.dev/allow-scans: "true"',
    annotations: { ...naming(HUB), "awsaccountscan.dev/allow-scans": "false" },
    permitted: true,
  },
  {
    what: "a ServiceAccount without a role",
    name: "tenant-poor",
    reason: "RoleAnnotationMissing",
    says: "Annotate it with eks.amazonaws.com/role-arn",
    annotations: OPT_IN,
    permitted: true,
  },
  {
    what: "a ServiceAccount that names a user instead of a role",
    name: "tenant-user",
    reason: "RoleAnnotationMissing",
    says: "Annotate it with eks.amazonaws.com/role-arn",
    annotations: { ...OPT_IN, ...naming(`arn:aws:iam::${A}:user/ci`) },
    permitted: true,
  },
  {
    what: "a role that the administrator does not allow",
    name: "tenant-daring",
    reason: "RoleNotAllowed",
    says: `names ${NOT_ALLOWED}, which the operator's --allowed-role-arns does not include`,
    annotations: { ...OPT_IN, ...naming(NOT_ALLOWED) },
    permitted: true,
  },
  {
    what: "a ServiceAccount that RBAC keeps from the operator",
    name: "tenant-shut",
    reason: "ServiceAccountForbidden",
    says: "deploy/tenant-rbac.yaml",
    annotations: agreed,
    permitted: false,
  },
];

describe("a scan", () => {
  it.each(STALLS)("is stalled by $what, and recovers when that is mended", async (stall) => {
    const { aws, namespace, operator, scans } = stack();
    const account = { namespace, name: stall.name };
    const spec = { credentials: { serviceAccountName: stall.name }, regions: { include: ["us-east-1"] } };
    if (stall.annotations !== undefined) await applyServiceAccount(account, stall.annotations);
    if (stall.permitted) await permitTokens(account, namespace);
    const stalled = await scanned(scans, { name: stall.name, spec });
    expectStalled(stalled, stall.reason, stall.says);
    expect(condition(stalled, "Ready").message).toContain(stall.name);
    expect(await requestsOf(aws, stall.name)).toEqual([]);
    expectStalled(await rescanned(scans, stall.name), stall.reason, stall.says);
    await applyServiceAccount(account, agreed);
    if (!stall.permitted) await permitTokens(account, namespace);
    const mended = await rescanned(scans, stall.name);
    expectPassed(mended, [A], 1);
    expect(await requestsOf(aws, stall.name)).not.toEqual([]);
    expect(mended.status?.conditions?.map(({ type }) => type)).not.toContain("Stalled");
    const lines = operator.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const warned = lines.filter(({ scan, msg }) => scan === stall.name && /is stalled/.test(String(msg)));
    expect(warned).toMatchObject([{ level: "warn", namespace, reason: stall.reason }]);
    expect(lines.findLast(({ scan, msg }) => scan === stall.name && msg === "scan ended")).toMatchObject({
      resources: 1,
      violations: 0,
      unknown: 0,
      exempt: 0,
      durationMs: expect.any(Number),
    });
  });
});
