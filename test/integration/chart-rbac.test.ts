import { describe, expect, it } from "vitest";
import { type Manifest, only, render, useHelm, type Values } from "../support/chart.ts";

useHelm();

interface Rule {
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface Role extends Manifest {
  readonly rules: readonly Rule[];
}

const allRolesOf = async (values: Values) =>
  (await render(values)).filter(({ kind }) => /Role$/.test(kind)) as Role[];
const isAboutLeases = ({ metadata }: Manifest) => metadata.name === "aws-account-scan-operator-leases";
/** Those about scans, tenants and metrics. */
const rolesOf = async (values: Values) => (await allRolesOf(values)).filter((role) => !isAboutLeases(role));

describe("what the operator may do", () => {
  it("is, with watchNamespaces, something of these namespaces alone", async () => {
    const roles = await rolesOf({ watchNamespaces: ["a", "b"], rbac: { aggregate: false } });
    const everywhere = await rolesOf({ rbac: { aggregate: false } });
    expect(roles.map(({ kind, metadata }) => `${kind} ${metadata.namespace}`)).toEqual(["Role a", "Role b"]);
    for (const { rules } of roles) expect(rules).toEqual(everywhere[0]?.rules);
  });

  it("is bound in the very namespaces", async () => {
    const bindings = (await render({ watchNamespaces: ["a", "b"] })).filter(
      (manifest) => /Binding$/.test(manifest.kind) && !isAboutLeases(manifest),
    );
    expect(bindings.map(({ kind, metadata }) => `${kind} ${metadata.namespace}`)).toEqual([
      "RoleBinding a",
      "RoleBinding b",
    ]);
  });

  it("includes reviews for the whole cluster only with protected metrics, and then in one ClusterRole", async () => {
    const roles = await rolesOf({
      watchNamespaces: ["a"],
      rbac: { aggregate: false },
      metrics: { auth: { enabled: true } },
    });
    const wide = roles.filter(({ kind }) => kind === "ClusterRole").map(({ metadata }) => metadata.name);
    expect(wide).toEqual([
      "aws-account-scan-operator-metrics-auth",
      "aws-account-scan-operator-metrics-reader",
    ]);
  });

  it("is, with watchNamespaces, nothing of the cluster; only users' roles are", async () => {
    const wide = (await render({ watchNamespaces: ["a"] }))
      .filter(({ kind }) => kind.startsWith("ClusterRole"))
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(wide).toEqual([
      "ClusterRole aws-account-scan-operator-view",
      "ClusterRole aws-account-scan-operator-edit",
    ]);
  });

  it("can be installed without any right in the cluster", async () => {
    const values = { watchNamespaces: ["a"], rbac: { aggregate: false }, crds: { enabled: false } };
    const rendered = await render(values, { namespace: "scan" });
    for (const { metadata } of rendered) expect(["a", "scan"]).toContain(metadata.namespace);
  });

  it.each([{}, { watchNamespaces: ["a"] }, { metrics: { auth: { enabled: true } } }])(
    "reads no Secret and mints no token by itself (%j)",
    async (values) => {
      const resources = (await rolesOf(values)).flatMap(({ rules }) =>
        rules.flatMap((rule) => rule.resources ?? []),
      );
      expect(resources).toContain("awsaccountscans");
      for (const resource of resources) expect(resource).not.toMatch(/secret|serviceaccount|\*/);
    },
  );

  it("lets it mint tokens of the ServiceAccounts that tenants list, and of no other", async () => {
    const tenants = [
      { namespace: "a", serviceAccounts: ["one", "two"] },
      { namespace: "b", serviceAccounts: ["one"] },
    ];
    const rules = (await rolesOf({ tenants })).flatMap(({ kind, metadata, rules }) =>
      rules
        .filter(({ resources }) => resources?.some((resource) => resource.startsWith("serviceaccounts")))
        .map((rule) => ({ kind, namespace: metadata.namespace, ...rule })),
    );
    expect(rules).toEqual(
      tenants.flatMap(({ namespace, serviceAccounts: resourceNames }) => {
        const common = { kind: "Role", namespace, apiGroups: [""], resourceNames };
        return [
          { ...common, resources: ["serviceaccounts"], verbs: ["get"] },
          { ...common, resources: ["serviceaccounts/token"], verbs: ["create"] },
        ];
      }),
    );
  });

  it("leaves all to the administrator without rbac.create", async () => {
    const tenants = [{ namespace: "a", serviceAccounts: ["one"] }];
    const values = { rbac: { create: false }, tenants, metrics: { auth: { enabled: true } } };
    expect(await allRolesOf(values)).toEqual([]);
  });
});

describe("what the operator may do with Leases", () => {
  const leases = { apiGroups: ["coordination.k8s.io"], resources: ["leases"] };
  const rules = async (values: Values) => (await allRolesOf(values)).filter(isAboutLeases);

  it.each([{}, { replicas: 2 }, { watchNamespaces: ["a"] }])(
    "is to make and renew the one that its flag names, in the release's namespace (%j)",
    async (values) => {
      const manifests = await render(values);
      expect(await rules(values)).toMatchObject([
        {
          kind: "Role",
          metadata: { namespace: "aws-account-scan-system" },
          rules: [
            { ...leases, verbs: ["create"] },
            { ...leases, resourceNames: ["aws-account-scan-operator"], verbs: ["get", "update"] },
          ],
        },
      ]);
      expect(manifests.filter(isAboutLeases).map(({ kind }) => kind)).toEqual(["Role", "RoleBinding"]);
      expect(JSON.stringify(only(manifests, "Deployment"))).toContain(
        '"--leader-elect-resource-name=aws-account-scan-operator"',
      );
    },
  );

  it("is, with shards, to keep one for each pod, whose names nobody knows before", async () => {
    const [role] = await rules({ sharding: { enabled: true } });
    expect(role?.kind).toBe("Role");
    expect(role?.rules).toEqual([{ ...leases, verbs: ["get", "list", "create", "update", "delete"] }]);
  });

  it("is nothing where there is none", async () => {
    expect(await rules({ leaderElection: { enabled: false } })).toEqual([]);
  });
});

describe("the cluster's own roles", () => {
  it("edit scans, and never reports", async () => {
    const edit = (await rolesOf({})).find(({ metadata }) => metadata.name.endsWith("-edit"));
    expect(edit?.metadata.labels).toMatchObject({ "rbac.authorization.k8s.io/aggregate-to-edit": "true" });
    expect(edit?.metadata.labels).not.toHaveProperty("rbac.authorization.k8s.io/aggregate-to-view");
    expect(edit?.rules.flatMap(({ resources }) => resources)).toEqual(["awsaccountscans"]);
  });

  it("view both", async () => {
    const view = (await rolesOf({})).find(({ metadata }) => metadata.name.endsWith("-view"));
    expect(view?.metadata.labels).toMatchObject({ "rbac.authorization.k8s.io/aggregate-to-view": "true" });
    expect(view?.rules).toEqual([
      {
        apiGroups: ["awsaccountscan.dev"],
        resources: ["awsaccountscans", "awsaccountscanreports"],
        verbs: ["get", "list", "watch"],
      },
    ]);
  });
});
