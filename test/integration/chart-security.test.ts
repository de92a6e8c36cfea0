import { describe, expect, it } from "vitest";
import { type Manifest, only, render, useHelm, type Values } from "../support/chart.ts";
import { type EgressRule, mayReach } from "./chart/egress.ts";

useHelm();

interface Rule {
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface Role extends Manifest {
  readonly rules: readonly Rule[];
}

interface NetworkPolicy extends Manifest {
  readonly spec: {
    readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly ingress: readonly { readonly from?: readonly object[]; readonly ports: readonly object[] }[];
    readonly egress: readonly EgressRule[];
  };
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

describe("the network", () => {
  const policy = async (networkPolicy: Values = {}, more: Values = {}) =>
    only<NetworkPolicy>(
      await render({ networkPolicy: { enabled: true, ...networkPolicy }, ...more }),
      "NetworkPolicy",
    );

  it.each([
    { what: "AWS", address: "52.94.236.248", port: 443 },
    { what: "AWS by IPv6", address: "2600:1f18::1", port: 443 },
    { what: "a VPC endpoint", address: "10.1.2.3", port: 443 },
    { what: "the API server", address: "10.0.0.10", port: 6443 },
    { what: "EKS Pod Identity's agent", address: "169.254.170.23", port: 80 },
    { what: "its agent by IPv6", address: "fd00:ec2::23", port: 80 },
    { what: "a DNS cache on the node", address: "169.254.20.10", port: 53, protocol: "UDP" },
    { what: "DNS by TCP", address: "10.96.0.10", port: 53 },
  ])("is open to $what", async ({ address, port, protocol }) => {
    expect(mayReach((await policy()).spec.egress, address, port, protocol)).toBe(true);
  });

  it.each([
    { what: "the instance metadata service", address: "169.254.169.254", port: 80 },
    { what: "that by IPv6", address: "fd00:ec2::254", port: 80 },
    { what: "it by HTTPS", address: "169.254.169.254", port: 443 },
    { what: "ECS' credentials", address: "169.254.170.2", port: 80 },
    { what: "a web server", address: "93.184.216.34", port: 80 },
    { what: "the kubelet", address: "10.0.0.10", port: 10250 },
    { what: "QUIC", address: "52.94.236.248", port: 443, protocol: "UDP" },
  ])("is closed to $what", async ({ address, port, protocol }) => {
    expect(mayReach((await policy()).spec.egress, address, port, protocol)).toBe(false);
  });

  it("is open to what extraEgress says, and to API servers of these addresses alone", async () => {
    const { egress } = (
      await policy({
        apiServer: { cidrs: ["10.0.0.10/32"] },
        extraEgress: [{ to: [{ ipBlock: { cidr: "10.9.0.1/32" } }], ports: [{ port: 4318 }] }],
      })
    ).spec;
    expect(mayReach(egress, "10.9.0.1", 4318)).toBe(true);
    expect(mayReach(egress, "10.0.0.10", 6443)).toBe(true);
    expect(mayReach(egress, "10.0.0.11", 6443)).toBe(false);
  });

  it("lets nobody in but helm test, unless metricsFrom says who", async () => {
    expect((await policy({}, { tests: { enabled: false } })).spec.ingress).toEqual([]);
    expect((await policy()).spec.ingress).toHaveLength(1);
    const prometheus = { namespaceSelector: { matchLabels: { a: "b" } } };
    const { ingress } = (await policy({ metricsFrom: [prometheus] }, { ports: { metrics: 9090 } })).spec;
    expect(ingress[0]).toEqual({ from: [prometheus], ports: [{ port: 9090 }] });
  });

  it("is open to the given resolvers alone, where there are any", async () => {
    const { egress } = (await policy({ dns: { to: [{ ipBlock: { cidr: "10.96.0.10/32" } }] } })).spec;
    expect(mayReach(egress, "10.96.0.10", 53, "UDP")).toBe(true);
    expect(mayReach(egress, "8.8.8.8", 53, "UDP")).toBe(false);
  });

  it("is open to the API server's given ports, and then to no other", async () => {
    const { egress } = (await policy({ apiServer: { ports: [16443] } })).spec;
    expect(mayReach(egress, "10.0.0.10", 16443)).toBe(true);
    expect(mayReach(egress, "10.0.0.10", 6443)).toBe(false);
    expect(mayReach(egress, "169.254.169.254", 16443)).toBe(false);
  });

  it("is that of the operator's pod", async () => {
    const { spec } = await policy();
    const deployment = only<Manifest & { spec: { selector: object } }>(await render(), "Deployment");
    expect(spec.podSelector).toEqual(deployment.spec.selector);
  });
});

describe("the operator's pod", () => {
  interface Operator extends Manifest {
    readonly spec: {
      readonly template: {
        readonly spec: {
          readonly automountServiceAccountToken: boolean;
          readonly volumes?: readonly object[];
          readonly containers: readonly {
            readonly args: readonly string[];
            readonly volumeMounts?: readonly object[];
          }[];
        };
      };
    };
  }
  const podSpec = async (values: Values = {}) =>
    only<Operator>(await render(values), "Deployment").spec.template.spec;

  it("has a token of its ServiceAccount, which no other pod gets unasked", async () => {
    expect((await podSpec()).automountServiceAccountToken).toBe(true);
    const account = only<Manifest & { automountServiceAccountToken: boolean }>(
      await render(),
      "ServiceAccount",
    );
    expect(account.automountServiceAccountToken).toBe(false);
  });

  it("has no volume and no Secret, unless it is given one", async () => {
    const { volumes, containers } = await podSpec();
    expect(volumes).toBeUndefined();
    expect(containers[0]?.volumeMounts).toBeUndefined();
  });

  it("has the metrics' certificate where its flags say, beside what it is given", async () => {
    const { volumes, containers } = await podSpec({
      metrics: { tls: { existingSecret: "cert" } },
      extraVolumes: [{ name: "ca", configMap: { name: "ca" } }],
      extraVolumeMounts: [{ name: "ca", mountPath: "/ca" }],
    });
    const folder = "/etc/awsscan/metrics-certificate";
    expect(volumes).toEqual([
      { name: "metrics-certificate", secret: { secretName: "cert" } },
      { name: "ca", configMap: { name: "ca" } },
    ]);
    expect(containers[0]?.volumeMounts).toEqual([
      { name: "metrics-certificate", mountPath: folder, readOnly: true },
      { name: "ca", mountPath: "/ca" },
    ]);
    expect(containers[0]?.args).toEqual([
      "operator",
      `--metrics-tls-cert-file=${folder}/tls.crt`,
      `--metrics-tls-key-file=${folder}/tls.key`,
    ]);
  });
});

describe("the pod of helm test", () => {
  interface Pod extends Manifest {
    readonly spec: {
      readonly automountServiceAccountToken: boolean;
      readonly containers: readonly { readonly image: string; readonly args: readonly string[] }[];
    };
  }
  const pod = async (values: Values = {}) => only<Pod>(await render(values), "Pod");

  it("is no endpoint of the operator's Service", async () => {
    const manifests = await render();
    const service = only<Manifest & { spec: { selector: Record<string, string> } }>(manifests, "Service");
    const { labels } = only<Pod>(manifests, "Pod").metadata;
    expect(labels).toMatchObject({ "app.kubernetes.io/instance": "aws-account-scan-operator" });
    expect(Object.entries(service.spec.selector).every(([key, value]) => labels?.[key] === value)).toBe(
      false,
    );
  });

  it("asks the Service, with the operator's own image and no token", async () => {
    const { metadata, spec } = await pod();
    expect(metadata.annotations).toMatchObject({ "helm.sh/hook": "test" });
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(spec.containers[0]).toMatchObject({
      image: only<Manifest & { spec: { template: Pod } }>(await render(), "Deployment").spec.template.spec
        .containers[0]?.image,
      args: [
        "probe",
        "--timeout=60s",
        "http://aws-account-scan-operator.aws-account-scan-system.svc:8081/readyz",
        "http://aws-account-scan-operator.aws-account-scan-system.svc:8080/metrics",
      ],
    });
  });

  it("does not ask for metrics that would be refused", async () => {
    const { spec } = await pod({ metrics: { auth: { enabled: true } } });
    expect(spec.containers[0]?.args.at(-1)).toMatch(/\/readyz$/);
  });
});
