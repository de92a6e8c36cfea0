/** The chart, `deploy` with its components, and `deploy/install.yaml`: three ways to the same objects. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { generatedDeployFiles, INSTALL_YAML, kustomize } from "../../tools/generate-deploy/files.ts";
import { type Manifest, manifestsIn, render, useHelm, type Values } from "../support/chart.ts";
import { componentNames, kustomized, OPERATOR_COMPONENTS, withComponents } from "../support/kustomize.ts";
import { comparable } from "./install-manifests/comparable.ts";

useHelm();

const DEPLOY = new URL("../../deploy/", import.meta.url);

/** The chart's values that mean what the component means. */
const COMPONENTS: Readonly<Record<(typeof OPERATOR_COMPONENTS)[number], Values>> = {
  monitoring: {
    serviceMonitor: { enabled: true },
    prometheusRule: { enabled: true, additionalLabels: { prometheus: "k8s", role: "alert-rules" } },
  },
  "metrics-auth": { metrics: { auth: { enabled: true } } },
  dashboards: {
    grafanaDashboards: { enabled: true, annotations: { grafana_folder: "AWS account scans" } },
  },
  "network-policy": {
    networkPolicy: {
      enabled: true,
      metricsFrom: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
    },
  },
  "pod-disruption-budget": { podDisruptionBudget: { enabled: true } },
  "high-availability": { replicas: 2 },
  sharding: { sharding: { enabled: true } },
};

// The pod of helm test, and what lets it in, are Helm's alone.
const chart = async (values: Values = {}) =>
  comparable(await render({ tests: { enabled: false }, ...values }));
const deploy = async (...components: readonly string[]) =>
  comparable(manifestsIn(await withComponents(...components)));

describe("what npm run generate writes", () => {
  it("is what it would write now", async () => {
    for (const { file, text } of await generatedDeployFiles()) {
      expect(await readFile(file, "utf8"), file.pathname).toBe(text);
    }
  });

  it("into install.yaml is what kustomize makes of deploy, object by object", async () => {
    const install = manifestsIn(await readFile(INSTALL_YAML, "utf8"));
    expect(install).toEqual(manifestsIn(await kustomize(DEPLOY.pathname)));
    // The rest goes into it, and kubectl applies a file in its order.
    expect(install[0]?.kind).toBe("Namespace");
  });
});

describe("chart and deploy agree", () => {
  it("on all that is installed by default", async () => {
    const made = await chart();
    expect(made).toEqual(await deploy());
    expect(Object.keys(made).map((key) => key.split(" ")[0])).toEqual(
      expect.arrayContaining([
        ...["CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding", "ServiceAccount"],
        ...["Deployment", "Service"],
      ]),
    );
  });

  it.each(OPERATOR_COMPONENTS)("on the component %s", async (component) => {
    const made = await deploy(component);
    expect(await chart(COMPONENTS[component])).toEqual(made);
    expect(made).not.toEqual(await deploy());
  });

  it("on all components at once", async () => {
    const values = Object.assign({}, ...Object.values(COMPONENTS)) as Values;
    expect(await chart(values)).toEqual(await deploy(...OPERATOR_COMPONENTS));
  });

  it("on a tenant's tokens", async () => {
    const isGrant = ({ metadata }: Manifest) => metadata.name === "aws-account-scan-operator-tokens";
    const made = await kustomized({ namespace: "team-a", components: ["deploy/components/tenant"] });
    const rendered = await render({ tenants: [{ namespace: "team-a", serviceAccounts: ["ml-scanner"] }] });
    expect(comparable(rendered.filter(isGrant))).toEqual(comparable(manifestsIn(made)));
  });

  it("on every component that there is", async () => {
    expect(await componentNames()).toEqual([...OPERATOR_COMPONENTS, "tenant"].sort());
  });
});
