import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { INSTALL_YAML, installYaml, kustomize } from "../../tools/generate-deploy/install.ts";
import { type Manifest, manifestsIn, render, useHelm, type Values } from "../support/chart.ts";

useHelm();

const DEPLOY = fileURLToPath(new URL("../../deploy", import.meta.url));

/** What a user's own kustomization makes of `deploy` and these of its components. */
async function withComponents(...components: readonly string[]): Promise<Manifest[]> {
  const folder = await mkdtemp(join(tmpdir(), "kustomize-"));
  try {
    // kustomize takes relative paths alone.
    await symlink(DEPLOY, join(folder, "deploy"));
    const kustomization = {
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: ["deploy"],
      components: components.map((component) => `deploy/components/${component}`),
    };
    await writeFile(join(folder, "kustomization.yaml"), stringify(kustomization));
    return manifestsIn(await kustomize(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The chart's values that mean what the component means. */
const COMPONENTS: Readonly<Record<string, Values>> = {
  monitoring: {
    serviceMonitor: { enabled: true },
    prometheusRule: { enabled: true, additionalLabels: { prometheus: "k8s", role: "alert-rules" } },
  },
  "network-policy": {
    networkPolicy: {
      enabled: true,
      metricsFrom: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
    },
  },
  "pod-disruption-budget": { podDisruptionBudget: { enabled: true } },
  "metrics-auth": { metrics: { auth: { enabled: true } } },
};

const WITHOUT = [
  "app.kubernetes.io/instance",
  "app.kubernetes.io/managed-by",
  "app.kubernetes.io/version",
  "helm.sh/chart",
];

/** Both sides without what the one has and the other cannot: Helm's labels, what the API server would fill in. */
function comparable(manifests: readonly Manifest[]): Readonly<Record<string, unknown>> {
  const ours = manifests.filter(({ kind }) => kind !== "Namespace" && kind !== "Pod");
  const entries = ours.map((manifest) => {
    const bare = JSON.parse(JSON.stringify(manifest), (key, value) => {
      if (WITHOUT.includes(key) || key === "helm.sh/resource-policy" || key === "imagePullPolicy")
        return undefined;
      return value;
    });
    // Selected by what is left; the chart names everything, deploy what is selected.
    delete bare.metadata.labels?.["app.kubernetes.io/name"];
    for (const field of ["labels", "annotations"]) {
      if (Object.keys(bare.metadata[field] ?? {}).length === 0) delete bare.metadata[field];
    }
    return [`${manifest.kind} ${manifest.metadata.name}`, bare] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}

// The pod of helm test needs a rule of the NetworkPolicy, and nothing else does.
const chart = async (values: Values) => comparable(await render({ tests: { enabled: false }, ...values }));

describe("deploy/install.yaml", () => {
  it("is what deploy/kustomization.yaml makes; npm run generate makes it anew", async () => {
    expect(await readFile(INSTALL_YAML, "utf8")).toBe(await installYaml());
  });

  it("begins with the namespace, which enforces the restricted Pod Security Standard", async () => {
    const [first] = manifestsIn(await installYaml());
    expect(first).toMatchObject({
      kind: "Namespace",
      metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
  });
});

describe("the chart and deploy agree", () => {
  it("on all that is installed by default", async () => {
    expect(await chart({})).toEqual(comparable(await withComponents()));
  });

  it.each(Object.entries(COMPONENTS))("on the component %s", async (component, values) => {
    const made = comparable(await withComponents(component));
    expect(await chart(values)).toEqual(made);
    expect(made).not.toEqual(comparable(await withComponents()));
  });

  it("on all components at once", async () => {
    const values = Object.assign({}, ...Object.values(COMPONENTS)) as Values;
    // The ServiceMonitor must be there before it is patched.
    expect(await chart(values)).toEqual(comparable(await withComponents(...Object.keys(COMPONENTS))));
  });

  it("on a tenant's tokens", async () => {
    const tenant = await readFile(join(DEPLOY, "tenant-rbac.yaml"), "utf8");
    const rendered = await render({ tenants: [{ namespace: "team-a", serviceAccounts: ["ml-scanner"] }] });
    const tokens = rendered.filter(({ metadata }) => metadata.name === "aws-account-scan-operator-tokens");
    const there = comparable(tokens);
    const here = comparable(
      manifestsIn(tenant).map((manifest) => ({
        ...manifest,
        metadata: { ...manifest.metadata, namespace: "team-a" },
      })),
    );
    expect(there).toEqual(here);
  });
});
