/** `deploy` and its components in kustomizations of users' own. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type Manifest, manifestsIn, only } from "../support/chart.ts";
import { kustomizedSample, OPERATOR_COMPONENTS, withComponents } from "../support/kustomize.ts";

type Labels = Readonly<Record<string, string>>;

interface Deployment extends Manifest {
  readonly spec: {
    readonly selector: { readonly matchLabels: Labels };
    readonly template: {
      readonly metadata: { readonly labels: Labels };
      readonly spec: { readonly containers: readonly { readonly image: string; readonly args: string[] }[] };
    };
  };
}

interface Role extends Manifest {
  readonly rules: readonly { readonly resources: string[]; readonly resourceNames: string[] }[];
}

const LEASE = "--leader-elect-resource-name=aws-account-scan-operator";

const identity = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`;
const made = async (...components: readonly string[]) => manifestsIn(await withComponents(...components));
const operator = (manifests: readonly Manifest[]) =>
  only<Deployment>(manifests, "Deployment").spec.template.spec.containers[0];

describe("a component", () => {
  it.each([
    { component: "monitoring", adds: ["PrometheusRule", "ServiceMonitor"] },
    { component: "metrics-auth", adds: ["ClusterRole", "ClusterRole", "ClusterRoleBinding"] },
    { component: "dashboards", adds: ["ConfigMap", "ConfigMap"] },
    { component: "network-policy", adds: ["NetworkPolicy"] },
    { component: "pod-disruption-budget", adds: ["PodDisruptionBudget"] },
  ])(
    "$component adds $adds to the operator's namespace, and takes nothing away",
    async ({ component, adds }) => {
      const [without, manifests] = await Promise.all([made(), made(component)]);
      const before = new Set(without.map(identity));
      const added = manifests.filter((manifest) => !before.has(identity(manifest)));
      expect(added.map(({ kind }) => kind).sort()).toEqual(adds);
      expect(manifests.length).toBe(before.size + adds.length);
      for (const { kind, metadata } of added) {
        if (!kind.startsWith("Cluster")) expect(metadata.namespace).toBe("aws-account-scan-system");
      }
    },
  );

  it("metrics-auth has the operator protect its metrics, and the ServiceMonitor come with a token", async () => {
    const manifests = await made("monitoring", "metrics-auth");
    const before = operator(await made())?.args ?? [];
    expect(before).not.toContain("--metrics-auth");
    expect(operator(manifests)?.args).toEqual([...before, "--metrics-auth"]);
    expect(only(manifests, "ServiceMonitor")).toMatchObject({
      spec: {
        endpoints: [{ scheme: "https", bearerTokenFile: expect.stringContaining("serviceaccount/token") }],
      },
    });
  });
});

describe("with all components", async () => {
  const manifests = await made(...OPERATOR_COMPONENTS);
  const { selector, template } = only<Deployment>(manifests, "Deployment").spec;
  const selectorOf = (kind: string) =>
    only<Manifest & { spec: { selector: unknown; podSelector: unknown } }>(manifests, kind).spec;

  it("Deployment, Service, NetworkPolicy and PodDisruptionBudget select the operator's pod", () => {
    expect(template.metadata.labels).toMatchObject(selector.matchLabels);
    expect(selectorOf("Service").selector).toEqual(selector.matchLabels);
    expect(selectorOf("NetworkPolicy").podSelector).toEqual(selector);
    expect(selectorOf("PodDisruptionBudget").selector).toEqual(selector);
  });

  it("the ServiceMonitor selects the Service beside it", () => {
    const { metadata } = only(manifests, "Service");
    const monitor = only(manifests, "ServiceMonitor");
    expect(selectorOf("ServiceMonitor").selector).toEqual({ matchLabels: metadata.labels });
    // A selector of namespaces would stay where it is when a kustomization moves everything else.
    expect(monitor).not.toHaveProperty("spec.namespaceSelector");
    expect(monitor.metadata.namespace).toBe(metadata.namespace);
  });
});

describe("the sample of an installation", async () => {
  const yaml = await kustomizedSample("operator");
  const manifests = manifestsIn(yaml);

  it("lists every component of the operator", async () => {
    const listed = new Set(manifests.map(identity));
    const all = (await made(...OPERATOR_COMPONENTS)).filter(({ kind }) => kind !== "Namespace");
    for (const manifest of all) expect(listed).toContain(identity(manifest));
  });

  it("has everything in another namespace, down to the binding's subjects and the alert", () => {
    expect(yaml).not.toContain("aws-account-scan-system");
    expect(only(manifests, "Namespace").metadata.name).toBe("security");
    const subjects = manifests.flatMap((manifest) =>
      "subjects" in manifest ? (manifest.subjects as object[]) : [],
    );
    expect(subjects).toHaveLength(3);
    for (const subject of subjects) expect(subject).toMatchObject({ namespace: "security" });
    expect(yaml).toContain('absent(awsaccountscan_build_info{namespace="security"})');
  });

  it("has an image, an identity and flags of the user's own", () => {
    expect(operator(manifests)).toMatchObject({
      image: "registry.example.com/team/aws-account-scan-operator:0.2.0",
      args: ["operator", LEASE, "--metrics-auth", "--operator-identity-namespaces=compliance"],
    });
    expect(only(manifests, "ServiceAccount").metadata.annotations).toEqual({
      "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/AccountScanHub",
    });
  });
});

describe("a tenant's grant", async () => {
  const DEPLOY = new URL("../../deploy/", import.meta.url);
  const shipped = manifestsIn(await readFile(new URL("tenant-rbac.yaml", DEPLOY), "utf8"));

  it.each([
    { of: "samples/kustomize/tenant", yaml: () => kustomizedSample("tenant"), operatorIn: "security" },
    {
      of: "samples/tenant.yaml",
      yaml: () => readFile(new URL("samples/tenant.yaml", DEPLOY), "utf8"),
      operatorIn: "aws-account-scan-system",
    },
  ])(
    "in $of is deploy/tenant-rbac.yaml's, for the one ServiceAccount that the scan names",
    async (sample) => {
      const manifests = manifestsIn(await sample.yaml());
      const { name } = only(manifests, "ServiceAccount").metadata;
      const scan = only<Manifest & { spec: object }>(manifests, "AwsAccountScan");
      expect(scan.spec).toMatchObject({ credentials: { serviceAccountName: name } });
      const { rules } = only<Role>(manifests, "Role");
      const named = only<Role>(shipped, "Role").rules.map((rule) => ({ ...rule, resourceNames: [name] }));
      expect(rules).toEqual(named);
      expect(only(manifests, "RoleBinding")).toMatchObject({
        subjects: [{ name: "aws-account-scan-operator", namespace: sample.operatorIn }],
      });
      for (const { metadata } of manifests) expect(metadata.namespace).toBe("team-a");
    },
  );
});
