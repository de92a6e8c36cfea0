import { describe, expect, it } from "vitest";
import { type Manifest, render, useHelm, type Values } from "../support/chart.ts";

useHelm();

interface Rule {
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface Role extends Manifest {
  readonly rules: readonly Rule[];
}

const rolesOf = async (values: Values) =>
  (await render(values)).filter(({ kind }) => /Role$/.test(kind)) as Role[];

describe("what the operator may do", () => {
  it("is, with watchNamespaces, something of these namespaces alone", async () => {
    const roles = await rolesOf({ watchNamespaces: ["a", "b"], rbac: { aggregate: false } });
    const everywhere = await rolesOf({ rbac: { aggregate: false } });
    expect(roles.map(({ kind, metadata }) => `${kind} ${metadata.namespace}`)).toEqual(["Role a", "Role b"]);
    for (const { rules } of roles) expect(rules).toEqual(everywhere[0]?.rules);
  });

  it("is bound in the very namespaces", async () => {
    const bindings = (await render({ watchNamespaces: ["a", "b"] })).filter(({ kind }) =>
      /Binding$/.test(kind),
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
    expect(await rolesOf({ rbac: { create: false }, tenants, metrics: { auth: { enabled: true } } })).toEqual(
      [],
    );
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
