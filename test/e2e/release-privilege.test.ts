import { readFile } from "node:fs/promises";
import { decodeJwt } from "jose";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALLOW_SCANS, EKS_ROLE_ARN } from "../../src/api/names.ts";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { mintServiceAccountToken } from "../../tools/control-plane/service-account-token.ts";
import { type RunningSimulator, startSimulator } from "../support/aws.ts";
import { type Manifest, useHelm, type Values } from "../support/chart.ts";
import { cli } from "../support/cli.ts";
import {
  applyYaml,
  eventually,
  getJson,
  kubeconfigForServiceAccount,
  kubectl,
  ownControlPlane,
  tryKubectl,
} from "../support/cluster.ts";
import { expectStalled, rescanned, scanned } from "../support/credentials-scan.ts";
import { installReportsApi, reportsOfScan } from "../support/open-reports.ts";
import type { OperatorProcess } from "../support/operator.ts";
import { auditEvents, type Role, refusals, unusedGrants } from "../support/permissions.ts";
import {
  boundRoles,
  createNamespace,
  freePorts,
  helmRelease,
  nameOf,
  type ReleasePlace,
  runRelease,
  testCommand,
  userOf,
  webIdentity,
  webIdentityEnv,
} from "../support/release.ts";
import { condition, scansIn } from "../support/scans.ts";
import { startTokenTap, type TokenTap } from "../support/token-tap.ts";

const HUB = "111111111111";
const TENANT = "222222222222";
const HUB_ROLE = `arn:aws:iam::${HUB}:role/Hub`;
const TENANT_ROLE = `arn:aws:iam::${TENANT}:role/Scan`;
const REGION = "us-east-1";
const AUDIENCE = "sts.amazonaws.com";

const cluster = ownControlPlane({ crds: false, audit: true });
useHelm();

const subject = (namespace: string, name: string) => `system:serviceaccount:${namespace}:${name}`;
const notebooks = [
  { name: "open", directInternetAccess: "Enabled" as const },
  { name: "closed", directInternetAccess: "Disabled" as const },
];
const place = { enabledRegions: [REGION], regions: { [REGION]: { notebooks } } };
const FLEET: Fleet = {
  accounts: [
    {
      id: HUB,
      name: "hub",
      ...place,
      roles: [
        {
          name: "Hub",
          trust: {
            webIdentity: {
              subjects: ["wide", "narrow"].map((name) => subject(name, `${name}-aws-account-scan-operator`)),
            },
          },
        },
      ],
    },
    {
      id: TENANT,
      name: "tenant",
      ...place,
      roles: [{ name: "Scan", trust: { webIdentity: { subjects: ["*"] } } }],
    },
  ],
};

let simulator: RunningSimulator;
let tap: TokenTap;

beforeAll(async () => {
  const { jwksPath, issuer, adminKubeconfigPath } = cluster();
  simulator = await startSimulator({ fleet: FLEET, jwksPath, issuer });
  tap = await startTokenTap(simulator.url);
  await installReportsApi(adminKubeconfigPath);
});
afterAll(async () => {
  await tap?.stop();
  await simulator?.stop();
});

const admin = () => ({ kubeconfig: cluster().adminKubeconfigPath });
const events = async (user: string) =>
  auditEvents(await readFile(cluster().auditLogPath, "utf8")).filter(
    ({ user: { username } }) => username === user,
  );

async function serviceAccount(namespace: string, name: string, annotations: object): Promise<void> {
  const manifest = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace, annotations } };
  await applyYaml(JSON.stringify(manifest), admin());
}

const AGREED = { [ALLOW_SCANS]: "true", [EKS_ROLE_ARN]: TENANT_ROLE };
const byAccount = (serviceAccountName: string) => ({
  credentials: { serviceAccountName },
  regions: { include: [REGION] },
});

const MODES: readonly {
  readonly mode: string;
  readonly namespace: string;
  readonly tenant: string;
  readonly values: Values;
}[] = [
  {
    mode: "everywhere, with protected metrics",
    namespace: "wide",
    tenant: "team-a",
    values: { metrics: { auth: { enabled: true } } },
  },
  {
    mode: "in two namespaces alone, by shares",
    namespace: "narrow",
    tenant: "team-b",
    values: {
      watchNamespaces: ["narrow", "team-b"],
      crds: { enabled: false },
      rbac: { aggregate: false },
      sharding: { enabled: true },
    },
  },
];

describe.each(MODES)("a release that runs scans $mode", ({ namespace, tenant, values }) => {
  let operator: OperatorProcess;
  const release = (): ReleasePlace => ({ cluster: cluster(), namespace, release: namespace });
  const at = (of: string) => scansIn(of, () => cluster().adminKubeconfigPath);
  /** The ServiceAccounts that the API server gave the operator tokens of. */
  const minted = async () => {
    const tokens = (await events(userOf(release()))).filter(
      ({ objectRef, responseStatus }) => objectRef?.subresource === "token" && responseStatus?.code === 201,
    );
    return [...new Set(tokens.map(({ objectRef }) => `${objectRef?.namespace}/${objectRef?.name}`))].sort();
  };

  beforeAll(async () => {
    await createNamespace(cluster(), namespace);
    await createNamespace(cluster(), tenant);
    await helmRelease(release(), ["install"], {
      ...values,
      ...(await freePorts()),
      // Whoever follows a process that was killed waits for its Lease to run out.
      leaderElection: { leaseDuration: "3s", renewDeadline: "2s", retryPeriod: "500ms" },
      tenants: [{ namespace: tenant, serviceAccounts: ["ml-scanner", "silent"] }],
      extraEnv: [
        { name: "AWS_ENDPOINT_URL", value: tap.url },
        { name: "AWS_REGION", value: REGION },
        ...webIdentityEnv(release(), HUB_ROLE),
      ],
    });
    await webIdentity(release(), HUB_ROLE);
    operator = await runRelease(release());
  });
  afterAll(() => operator?.stop());

  it("finds violations by its own identity and by a tenant's, and reports them", async () => {
    await serviceAccount(tenant, "ml-scanner", AGREED);
    const [own, theirs] = await Promise.all([
      scanned(at(namespace), { name: "own", spec: { regions: { include: [REGION] } } }),
      scanned(at(tenant), { name: "theirs", spec: byAccount("ml-scanner") }),
    ]);
    for (const [scan, account] of [
      [own, HUB],
      [theirs, TENANT],
    ] as const) {
      expect(condition(scan, "Compliant")).toMatchObject({ status: "False", reason: "ViolationsFound" });
      expect(scan.status?.violations).toMatchObject([{ account, region: REGION }]);
    }
    await eventually(async () => {
      expect(await reportsOfScan("theirs", { namespace: tenant, ...admin() })).toHaveLength(1);
    });
  });

  it("tells of a violation that has ended, and of one that is new", async () => {
    const hub = { account: HUB, region: REGION };
    await simulator.client.putNotebook(hub, { name: "open", directInternetAccess: "Disabled" });
    expect(condition(await rescanned(at(namespace), "own"), "Compliant").status).toBe("True");
    await simulator.client.putNotebook(hub, { name: "open", directInternetAccess: "Enabled" });
    expect(condition(await rescanned(at(namespace), "own"), "Compliant").status).toBe("False");
  });

  it("takes away what a process that was killed has left half done", async () => {
    const { metadata } = await at(tenant).get("theirs");
    const left = {
      name: "theirs-left",
      namespace: tenant,
      labels: {
        "awsaccountscan.dev/scan": "theirs",
        "app.kubernetes.io/managed-by": "aws-account-scan-operator",
      },
      ownerReferences: [
        {
          apiVersion: "awsaccountscan.dev/v1alpha1",
          kind: "AwsAccountScan",
          name: "theirs",
          uid: metadata.uid,
        },
      ],
    };
    const contents = { cells: [], coverage: [], failures: [], findings: [] };
    for (const object of [
      { apiVersion: "awsaccountscan.dev/v1alpha1", kind: "AwsAccountScanReport", contents },
      { apiVersion: "openreports.io/v1alpha1", kind: "Report", source: "awsscan" },
    ])
      await applyYaml(JSON.stringify({ ...object, metadata: left }), admin());
    await operator.stop("SIGKILL");
    operator = await runRelease(release());
    await rescanned(at(tenant), "theirs");
    await eventually(async () => {
      for (const type of ["aasr", "reports.openreports.io"]) {
        const { items } = await getJson<{ items: Manifest[] }>([type, `--namespace=${tenant}`], admin());
        expect(items).toHaveLength(1);
        expect(items[0]?.metadata.name).not.toBe("theirs-left");
      }
    });
  });

  it("is well, says the command of helm test", async () => {
    const [, ...args] = await testCommand(release());
    // No process outside of a pod can ask the cluster's DNS for the Service, nor the Service for the pod's port.
    const local = args.map((arg) =>
      arg.replace(/^http:.*:8081/, operator.healthUrl).replace(/^http:.*:8080/, operator.metricsUrl),
    );
    expect(local.filter((arg) => arg.startsWith("http")).length).toBe("metrics" in values ? 1 : 2);
    expect(await cli(["probe", ...local])).toMatchObject({ code: 0 });
  });

  it("stalls scans by ServiceAccounts that nobody granted, or that have not agreed", async () => {
    await serviceAccount(tenant, "silent", { [EKS_ROLE_ARN]: TENANT_ROLE });
    await serviceAccount(tenant, "privileged", AGREED);
    const binding = ["create", "clusterrolebinding", `${tenant}-privileged`, "--clusterrole=cluster-admin"];
    await kubectl([...binding, `--serviceaccount=${tenant}:privileged`], admin());
    const silent = await scanned(at(tenant), { name: "silent", spec: byAccount("silent") });
    expectStalled(silent, "ServiceAccountNotOptedIn", ALLOW_SCANS);
    const privileged = await scanned(at(tenant), { name: "privileged", spec: byAccount("privileged") });
    expectStalled(privileged, "ServiceAccountForbidden", "privileged");
    // Its own ServiceAccount is one like any other: a scan that names it gets no token either.
    const self = await scanned(at(namespace), { name: "self", spec: byAccount(nameOf(release())) });
    expectStalled(self, "ServiceAccountForbidden", nameOf(release()));
    // A grant is for its namespace: the name of somebody else's ServiceAccount means one of the scan's own.
    const foreign = await scanned(at(namespace), { name: "foreign", spec: byAccount("ml-scanner") });
    expectStalled(foreign, "ServiceAccountForbidden", `${namespace}/ml-scanner`);
    expect(await minted()).toEqual([`${tenant}/ml-scanner`]);
    await at(tenant).delete("privileged");
    await at(namespace).delete("self");
    await at(namespace).delete("foreign");
  });

  it("cannot name a ServiceAccount of another namespace", async () => {
    const scan = {
      apiVersion: "awsaccountscan.dev/v1alpha1",
      kind: "AwsAccountScan",
      metadata: { name: "abroad", namespace: tenant },
    };
    for (const credentials of [
      { serviceAccountName: `${namespace}/${nameOf(release())}` },
      { serviceAccountName: ".." },
      { serviceAccountName: `../../${namespace}/serviceaccounts/${nameOf(release())}` },
      { serviceAccountName: "ml-scanner", serviceAccountNamespace: namespace },
    ]) {
      const input = JSON.stringify({ ...scan, spec: { credentials } });
      const { code, stderr } = await tryKubectl(["create", "--validate=strict", "--filename=-"], {
        ...admin(),
        input,
      });
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/credentials/);
    }
  });

  it("goes on once a ServiceAccount that was granted agrees", async () => {
    await serviceAccount(tenant, "silent", AGREED);
    const agreed = await rescanned(at(tenant), "silent");
    expect(condition(agreed, "Ready").status).toBe("True");
    expect(condition(agreed, "Compliant").status).toBe("False");
  });

  it("makes no scan anew that is deleted before it has ended", async () => {
    const gone = at(tenant);
    await simulator.client.setFaults({ kind: "hang", operation: "ListDomains", account: TENANT });
    await gone.request("theirs");
    await gone.until("theirs", "runs", ({ status }) => expect(status?.currentScan).toBeDefined());
    await gone.delete("theirs");
    await simulator.client.setFaults();
    await rescanned(gone, "silent");
    const { items } = await getJson<{ items: Manifest[] }>(["aas", `--namespace=${tenant}`], admin());
    expect(items.map(({ metadata }) => metadata.name)).toEqual(["silent"]);
  });

  it("has minted tokens of the ServiceAccounts that were granted and agreed, and of no other", async () => {
    expect(await minted()).toEqual([`${tenant}/ml-scanner`, `${tenant}/silent`]);
  });

  it("gives who steals its token nothing but what the roles say", async () => {
    const kubeconfig = await kubeconfigForServiceAccount(namespace, nameOf(release()), {
      cluster: cluster(),
    });
    const attempts = {
      [`create token privileged -n ${tenant}`]: 'create resource "serviceaccounts/token"',
      [`create token ml-scanner -n ${namespace}`]: 'create resource "serviceaccounts/token"',
      [`create token ${nameOf(release())} -n ${namespace}`]: 'create resource "serviceaccounts/token"',
      [`annotate serviceaccount silent -n ${tenant} --overwrite ${ALLOW_SCANS}=no`]:
        'patch resource "serviceaccounts"',
      [`get secrets -n ${namespace}`]: 'list resource "secrets"',
      [`run pod --image=x -n ${namespace}`]: 'create resource "pods"',
      [`create role mine --verb=get --resource=pods -n ${namespace}`]: 'create resource "roles"',
      [`delete aas own --wait=false -n ${namespace}`]: 'delete resource "awsaccountscans"',
      "get namespaces --as=system:admin": "impersonate",
      [`get aas --as=system:serviceaccount:${tenant}:ml-scanner`]: "impersonate",
    };
    for (const [command, refused] of Object.entries(attempts)) {
      const { code, stderr } = await tryKubectl(command.split(" "), { kubeconfig });
      expect(code, command).toBe(1);
      // RBAC's own words: admission, too, forbids some of this, and would hide that RBAC lets it pass.
      expect(stderr).toContain(`User "${userOf(release())}" cannot ${refused}`);
    }
  });

  it("sends AWS tokens that the API server does not take, and that end soon", async () => {
    const sent = tap.tokens.filter((token) => decodeJwt(token).sub === subject(tenant, "ml-scanner"));
    expect(sent).not.toEqual([]);
    for (const token of sent) {
      const { aud, iat = 0, exp = Infinity } = decodeJwt(token);
      expect(aud).toEqual([AUDIENCE]);
      expect(exp - iat).toBeLessThanOrEqual(900);
    }
    const stolen = await cluster().kubeconfigFor({ token: sent.at(-1) ?? "", namespace: tenant });
    const { code, stderr } = await tryKubectl(["get", "--raw=/api"], { kubeconfig: stolen });
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Unauthorized|logged in/),
    });
  });

  const showsMetricsToReaders = async () => {
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
    const url = `${operator.metricsUrl.replace("http:", "https:")}/metrics`;
    const scrapeAs = async (name: string) => {
      await serviceAccount(namespace, name, {});
      const token = await mintServiceAccountToken(cluster(), namespace, name, { expirationSeconds: 600 });
      const { statusCode } = await request(url, {
        dispatcher,
        headers: { authorization: `Bearer ${token}` },
      });
      return statusCode;
    };
    const bind = [
      "create",
      "clusterrolebinding",
      "scraper",
      `--clusterrole=${nameOf(release())}-metrics-reader`,
    ];
    await kubectl([...bind, `--serviceaccount=${namespace}:prometheus`], admin());
    const user = `--as=system:serviceaccount:${namespace}:prometheus`;
    await eventually(() => kubectl(["auth", "can-i", "get", "/metrics", user], admin()));
    expect(await scrapeAs("stranger")).toBe(403);
    expect(await scrapeAs("prometheus")).toBe(200);
    await dispatcher.destroy();
  };
  if ("metrics" in values) it("shows metrics to whom metrics-reader is bound", showsMetricsToReaders);

  it("has used every permission that it was granted, and was refused none that it asked for", async () => {
    // The last that it does is to take its Lease away.
    await operator.stop();
    const roles = await boundRoles<Role>(release());
    expect(roles.length).toBeGreaterThan(1);
    // With a Role in each namespace, all say the same: what is used in one of them is used.
    const merged = roles.map((role) =>
      role.metadata.name === nameOf(release()) ? { ...role, metadata: { name: role.metadata.name } } : role,
    );
    // What a thief and the scans of others' ServiceAccounts were refused is told of above.
    const own = (await events(userOf(release()))).filter(({ userAgent }) => !userAgent.startsWith("kubectl"));
    expect(unusedGrants(merged, own)).toEqual([]);
    const others = new RegExp(
      `/${tenant}/serviceaccounts/privileged$|/${namespace}/serviceaccounts/(${nameOf(release())}|ml-scanner)$`,
    );
    expect(refusals(own).filter((refusal) => !others.test(refusal))).toEqual([]);
  });
});
