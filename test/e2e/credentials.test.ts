import { describe, expect, it } from "vitest";
import type { Fleet, NotebookSpec } from "../../tools/aws-simulator/fleet.ts";
import { defaultSettings } from "../../tools/aws-simulator/settings.ts";
import { mintServiceAccountToken } from "../../tools/control-plane/service-account-token.ts";
import { getJson, sharedCluster, useNamespace } from "../support/cluster.ts";
import {
  accountsOf,
  expectPassed,
  expectRefused,
  expectStalled,
  requestsOf,
  rescanned,
  scanned,
} from "../support/credentials-scan.ts";
import { leaksIn } from "../support/credentials-secrets.ts";
import { sessionOf } from "../support/credentials-session.ts";
import { condition, scansIn } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";
import {
  applyServiceAccount,
  naming,
  OPT_IN,
  permitTokens,
  type ServiceAccountRef,
  serviceAccountFor,
} from "../support/tenant.ts";

const A = "111111111111";
const B = "222222222222";
const C = "333333333333";
const HUB = `arn:aws:iam::${A}:role/Hub`;
const TENANT_B = `arn:aws:iam::${B}:role/Tenant`;
const NOT_ALLOWED = `arn:aws:iam::${C}:role/Member`;
const KEY = {
  accessKeyId: "AKIACREDENTIALS00001",
  secretAccessKey: "cred/Test+SecretThatNobodyMayLog000000001",
};

const closed = (count: number): NotebookSpec[] =>
  Array.from({ length: count }, (_, n) => ({ name: `notebook-${n}`, directInternetAccess: "Disabled" }));

const namespaceB = useNamespace({ prefix: "tenant" });

function fleet(namespace: string): Fleet {
  const subject = (name: string, of = namespace) => `system:serviceaccount:${of}:${name}`;
  const trust = (...subjects: string[]) => ({ webIdentity: { subjects } });
  const chained = { principals: [HUB, `arn:aws:iam::${A}:user/ci`] };
  const place = (count: number) => ({
    enabledRegions: ["us-east-1"],
    regions: { "us-east-1": { notebooks: closed(count) } },
  });
  return {
    accounts: [
      {
        id: A,
        name: "a",
        ...place(2),
        accessKeys: [{ ...KEY, user: "ci" }],
        roles: [
          { name: "Hub", trust: trust(subject("scanner-a")) },
          { name: "OfAnother", trust: trust(subject("another")) },
          {
            name: "OtherAudience",
            trust: { webIdentity: { subjects: ["*"], audience: "other.example" } },
          },
        ],
      },
      {
        id: B,
        name: "b",
        ...place(3),
        roles: [
          { name: "Tenant", trust: trust(subject("scanner-b", namespaceB)) },
          { name: "Member", trust: chained },
        ],
      },
      { id: C, name: "c", ...place(4), roles: [{ name: "Member", trust: chained }] },
    ],
  };
}

const stack = useStack({
  fleet,
  watch: [namespaceB],
  args: ["--log-level=trace", `--allowed-role-arns=arn:aws:iam::${A}:role/*,arn:aws:iam::${B}:role/*`],
});
const regions = { include: ["us-east-1"] };
const by = (serviceAccountName: string) => ({ credentials: { serviceAccountName }, regions });
const own = (name: string): ServiceAccountRef => ({ namespace: stack().namespace, name });
const withScannerA = () => serviceAccountFor(own("scanner-a"), HUB, stack().namespace);

describe("two tenants", () => {
  it("see their own account each, and AWS knows them apart", async () => {
    const { aws, namespace, operator, scans } = stack();
    await withScannerA();
    await serviceAccountFor({ namespace: namespaceB, name: "scanner-b" }, TENANT_B, namespace);
    const [a, b] = await Promise.all([
      scanned(scans, { name: "everything", spec: by("scanner-a") }),
      scanned(scansIn(namespaceB), { name: "everything", spec: by("scanner-b") }),
    ]);
    expectPassed(a, [A], 2);
    expectPassed(b, [B], 3);
    const identified = (await requestsOf(aws, "everything")).filter(({ caller }) => caller);
    const callers = identified.map(
      ({ account, caller }) => `${caller?.split("/").slice(0, 2).join("/")} asks ${account}`,
    );
    expect([...new Set(callers)].sort()).toEqual([
      `arn:aws:sts::${A}:assumed-role/Hub asks ${A}`,
      `arn:aws:sts::${B}:assumed-role/Tenant asks ${B}`,
    ]);
    for (const [tenant, account] of [
      [namespace, A],
      [namespaceB, B],
    ] as const) {
      const series = await operator.scrape("awsaccountscan_resources", {
        namespace: tenant,
        scan: "everything",
      });
      expect(new Set(series.map(({ labels }) => labels["account"]))).toEqual(new Set([account]));
    }
  });

  it("cannot scan in the name of each other's ServiceAccounts", async () => {
    const { aws, namespace } = stack();
    await withScannerA();
    const scans = scansIn(namespaceB);
    const thief = { name: "thief", spec: by("scanner-a") };
    // The name means a ServiceAccount of the scan's namespace, where there is none and the operator may not look.
    expectStalled(await scanned(scans, thief), "ServiceAccountForbidden", `${namespaceB}/scanner-a`);
    const copy = { namespace: namespaceB, name: "scanner-a" };
    await permitTokens(copy, namespace);
    expectStalled(await rescanned(scans, "thief"), "ServiceAccountNotFound", `${namespaceB}/scanner-a`);
    expect(await requestsOf(aws, "thief")).toEqual([]);
    // One of the same name and role has another subject, which the role does not trust.
    await applyServiceAccount(copy, { ...OPT_IN, ...naming(HUB) });
    expectRefused(await rescanned(scans, "thief"), "AssumeRoleWithWebIdentity");
    const outcomes = (await requestsOf(aws, "thief")).map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(["AccessDenied"]));
  });
});

describe("a scan", () => {
  it.each([
    { what: "a role that trusts another ServiceAccount", name: "subject", role: "OfAnother" },
    { what: "a role that wants another audience", name: "audience", role: "OtherAudience" },
    { what: "a role that does not exist", name: "nowhere", role: "Nowhere" },
  ])("tells that AWS refuses it, by $what", async ({ name, role }) => {
    const { aws, scans, namespace } = stack();
    await serviceAccountFor(own(name), `arn:aws:iam::${A}:role/${role}`, stack().namespace);
    const scan = await scanned(scans, { name, spec: by(name) });
    expectRefused(scan, "AssumeRoleWithWebIdentity");
    // Nothing but the scan's own one question, in its name.
    const [asked, ...more] = await requestsOf(aws, name);
    expect(asked?.roleSessionName).toBe(`awsscan-${namespace}.${name}`);
    expect(more).toEqual([]);
  });

  it("leaves an account unread whose role the administrator does not allow, and reads the others", async () => {
    const { aws, scans } = stack();
    await withScannerA();
    const accounts = [{ id: A }, { id: C, roleArn: NOT_ALLOWED }];
    const scan = await scanned(scans, { name: "bounded", spec: { ...by("scanner-a"), accounts } });
    expect(condition(scan, "Ready").status).toBe("True");
    expect(condition(scan, "Complete")).toMatchObject({ status: "False", reason: "RoleNotAllowed" });
    expect(condition(scan, "Compliant").status).toBe("Unknown");
    expect(scan.status?.failures).toMatchObject([{ account: C, reason: "RoleNotAllowed" }]);
    expect(scan.status?.summary).toMatchObject({ resources: 2, compliant: 2 });
    expect(accountsOf(scan)).toContain(A);
    expect(await aws.requests({ account: C })).toEqual([]);
  });

  it("goes on with the sessions of its last run, and renews them when they end, while it runs too", async () => {
    const { aws, scans } = stack();
    await withScannerA();
    const accounts = [{ id: A }, { id: B, roleArn: `arn:aws:iam::${B}:role/Member` }];
    const asked = async (wanted: string) =>
      (await requestsOf(aws, "renewing")).filter(({ operation }) => operation === wanted).length;
    const spec = { ...by("scanner-a"), accounts };
    expectPassed(await scanned(scans, { name: "renewing", spec }), [A, B], 5);
    expect(await asked("AssumeRoleWithWebIdentity")).toBe(1);
    expect(await asked("AssumeRole")).toBe(1);
    expectPassed(await rescanned(scans, "renewing"), [A, B], 5);
    expect(await asked("AssumeRoleWithWebIdentity")).toBe(1);
    expect(await asked("AssumeRole")).toBe(1);
    await aws.expireSessions();
    expectPassed(await rescanned(scans, "renewing"), [A, B], 5);
    expect(await asked("AssumeRoleWithWebIdentity")).toBe(2);
    expect(await asked("AssumeRole")).toBe(2);
    // A session lasts for two answers, and a scan takes more of them one after the other.
    await aws.setSettings({ maxSessionSeconds: 6, latencyMs: 3_000 });
    await aws.expireSessions();
    await aws.clearRequests();
    try {
      expectPassed(await rescanned(scans, "renewing"), [A, B], 5);
    } finally {
      await aws.setSettings(defaultSettings());
    }
    expect(await asked("AssumeRoleWithWebIdentity")).toBeGreaterThan(1);
    expect(await asked("AssumeRole")).toBeGreaterThan(1);
  });
});

describe("the operator's log at trace, the scans' status and their Events", () => {
  it("hold nothing secret", async () => {
    const { awsUrl, namespace, operator } = stack();
    // What would be found if it were there.
    const token = await mintServiceAccountToken(sharedCluster(), namespace, "scanner-a", {
      expirationSeconds: 600,
    });
    const { accessKeyId, secretAccessKey, sessionToken } = await sessionOf(
      awsUrl,
      KEY,
      `arn:aws:iam::${B}:role/Member`,
    );
    const known = { token, accessKeyId, secretAccessKey, sessionToken };
    for (const [name, secret] of Object.entries(known))
      expect(leaksIn([`{"msg":"${secret}"}`]), name).not.toEqual([]);
    expect(operator.lines.length).toBeGreaterThan(20);
    expect(leaksIn(operator.lines, [KEY.secretAccessKey])).toEqual([]);
    const objects = await getJson<{ items: readonly unknown[] }>(["aas,aasr,events.v1.events.k8s.io"], {
      namespace,
    });
    expect(objects.items.length).toBeGreaterThan(10);
    expect(leaksIn(objects.items.map((item) => JSON.stringify(item)))).toEqual([]);
  });
});
