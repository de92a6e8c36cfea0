import { beforeAll, describe, expect, it } from "vitest";
import { helm } from "../../tools/helm/helm.ts";
import { prometheusOperatorCrds } from "../../tools/prometheus-operator/crds.ts";
import { CHART, type Manifest, only, render, useHelm, type Values } from "../support/chart.ts";
import { applyYaml, eventually, getJson, kubectl, ownControlPlane, tryKubectl } from "../support/cluster.ts";
import { applyCrds } from "../support/cluster-crds.ts";
import { createNamespace, live as liveIn, NAMESPACE, release as releaseIn } from "./chart/release.ts";
import { VARIANTS } from "./chart/variants.ts";

// Without our CRDs: the chart brings them. One after the other, as one cluster lives through them.
const cluster = ownControlPlane({ crds: false });
useHelm();

const OURS = ["awsaccountscanreports.awsaccountscan.dev", "awsaccountscans.awsaccountscan.dev"];
const MONITORING = { serviceMonitor: { enabled: true }, prometheusRule: { enabled: true } };

beforeAll(() => createNamespace(cluster()));

const admin = () => ({ kubeconfig: cluster().adminKubeconfigPath });
const release = (command: string, name: string, ...more: [values?: Values, ...args: string[]]) =>
  releaseIn(cluster(), [command, name], ...more);
const live = (manifest: Manifest) => liveIn(cluster(), manifest);

/** Without --reset-values, Helm takes no values for "as before". */
async function installed(values: Values, name = "x"): Promise<string> {
  const { code, stdout, stderr } = await release("upgrade", name, values, "--install", "--reset-values");
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

async function ourCrds(): Promise<string[]> {
  const { items } = await getJson<{ items: Manifest[] }>(["crd"], admin());
  return items.map(({ metadata }) => metadata.name).filter((name) => name.endsWith("awsaccountscan.dev"));
}

async function createScan(): Promise<void> {
  const scan = { apiVersion: "awsaccountscan.dev/v1alpha1", kind: "AwsAccountScan", spec: {} };
  const manifest = { ...scan, metadata: { name: "kept", namespace: NAMESPACE } };
  await kubectl(["wait", "--for=condition=Established", ...OURS.map((name) => `crd/${name}`)], admin());
  await applyYaml(JSON.stringify(manifest), admin());
}

const scanUid = async () =>
  (await kubectl(["get", "aas", "kept", `-n=${NAMESPACE}`, "-o=jsonpath={.metadata.uid}"], admin())).stdout;

interface Pod extends Manifest {
  readonly spec: object;
}

/** The pod that the Deployment's controller would make, which this cluster does not have. */
function podOf(rendered: readonly Manifest[]): Pod {
  const { spec } = only<Manifest & { spec: { template: Pod } }>(rendered, "Deployment");
  const metadata = { ...spec.template.metadata, name: "of-the-deployment", namespace: NAMESPACE };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: spec.template.spec };
}

/** What the API server says to objects, whose fields it must know all. */
const dryRun = (items: readonly Manifest[]) =>
  tryKubectl(
    ["apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "--filename=-"],
    { ...admin(), input: JSON.stringify({ apiVersion: "v1", kind: "List", items }) },
  );

describe("a release", () => {
  it("is installed with no values at all, and says what to do next", async () => {
    const { code, stdout, stderr } = await helm(["install", "x", CHART, "-n", NAMESPACE], admin());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(
      "kubectl rollout status --namespace scan deployment/x-aws-account-scan-operator",
    );
    expect(stdout).toContain("Nobody is paged");
    expect(await ourCrds()).toEqual(OURS);
  });

  it("is on the server as it was rendered", async () => {
    for (const manifest of await render({}, { release: "x", namespace: NAMESPACE })) {
      // Of helm test, which nobody has run.
      if (manifest.kind === "Pod") continue;
      const found = await live(manifest);
      expect(found, `${manifest.kind} ${manifest.metadata.name}`).toMatchObject(
        JSON.parse(JSON.stringify(manifest)),
      );
    }
  });

  it("may do what deploy's operator may, in every namespace, and read no Secret", async () => {
    const as = `--as=system:serviceaccount:${NAMESPACE}:x-aws-account-scan-operator`;
    const can = async (verb: string, ...what: string[]) =>
      (await tryKubectl(["auth", "can-i", verb, ...what, "--namespace=default", as], admin())).stdout.trim();
    // The authorizer learns of roles by a watch, a moment after they were written.
    await eventually(async () => {
      expect(await can("watch", "awsaccountscans.awsaccountscan.dev")).toBe("yes");
    });
    expect(await can("patch", "awsaccountscans.awsaccountscan.dev", "--subresource=status")).toBe("yes");
    expect(await can("get", "secrets")).toBe("no");
    expect(await can("create", "serviceaccounts", "--subresource=token")).toBe("no");
  });
});

describe("on a cluster without Prometheus Operator", () => {
  const rendering = (renderMode: string) => ({
    serviceMonitor: { enabled: true, renderMode },
    prometheusRule: { enabled: true, renderMode },
  });

  it("skipIfMissing goes on, and says what was left out", async () => {
    const notes = await installed(rendering("skipIfMissing"));
    expect(notes).toContain("WARNING: the ServiceMonitor was left out");
    expect(notes).toContain("WARNING: the PrometheusRule was left out");
  });

  it.each([
    { mode: "failIfMissing", says: "Install Prometheus Operator's CRDs" },
    { mode: "alwaysRender", says: 'no matches for kind "PrometheusRule"' },
  ])("$mode changes nothing, and says why", async ({ mode, says }) => {
    const { code, stderr } = await release("upgrade", "x", rendering(mode));
    expect(code).not.toBe(0);
    expect(stderr).toContain(says);
  });
});

describe("with Prometheus Operator's CRDs", () => {
  beforeAll(async () => {
    await applyCrds(cluster(), await prometheusOperatorCrds());
    await createScan();
  });

  it.each(["alwaysRender", "failIfMissing", "skipIfMissing"])("%s brings the objects", async (renderMode) => {
    const values = {
      serviceMonitor: { enabled: true, renderMode },
      prometheusRule: { enabled: true, renderMode },
      grafanaDashboards: { enabled: true },
      commonLabels: { mode: renderMode },
    };
    expect(await installed(values)).not.toContain("was left out");
    const args = ["--api-versions=monitoring.coreos.com/v1"];
    const rendered = await render(values, { release: "x", namespace: NAMESPACE, args });
    const kinds = ["ServiceMonitor", "PrometheusRule", "ConfigMap"];
    const objects = rendered.filter(({ kind }) => kinds.includes(kind));
    expect(new Set(objects.map(({ kind }) => kind))).toEqual(new Set(kinds));
    for (const manifest of objects) expect(await live(manifest)).toMatchObject(manifest);
  });

  it.each(VARIANTS)("the API server takes every field of $name, and the pods", async ({ values }) => {
    const rendered = await render(values, { release: "other", namespace: NAMESPACE });
    const { code, stderr } = await dryRun([...rendered, podOf(rendered)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("the API server would take no pod that the restricted Pod Security Standard does not admit", async () => {
    const rendered = await render({}, { release: "other", namespace: NAMESPACE });
    for (const pod of [podOf(rendered), only<Pod>(rendered, "Pod")]) {
      const spoilt: Pod = { ...pod, spec: { ...pod.spec, hostNetwork: true } };
      const { code, stderr } = await dryRun([spoilt]);
      expect({ code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('"restricted:latest"'),
      });
    }
  });

  it("an upgrade takes away what is disabled, and no scan", async () => {
    const uid = await scanUid();
    await installed(MONITORING);
    await installed({});
    for (const manifest of await render(MONITORING, { release: "x", namespace: NAMESPACE })) {
      if (manifest.apiVersion.startsWith("monitoring")) expect(await live(manifest)).toBeUndefined();
    }
    expect(await scanUid()).toBe(uid);
  });

  it("a second release in the cluster needs the CRDs disabled, and is told whose they are", async () => {
    const { code, stderr } = await release("install", "second", {});
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/CustomResourceDefinition.*awsaccountscan.*"x"/s);
    await installed({ crds: { enabled: false } }, "second");
    expect((await release("uninstall", "second")).code).toBe(0);
    expect(await ourCrds()).toEqual(OURS);
  });
});

describe("an uninstalled release", () => {
  it("leaves the CRDs and every scan, and nothing else", async () => {
    const uid = await scanUid();
    await installed(MONITORING);
    const rendered = await render(MONITORING, { release: "x", namespace: NAMESPACE });
    const { code, stderr } = await release("uninstall", "x");
    expect({ code, stderr }).toMatchObject({ code: 0 });
    for (const manifest of rendered) {
      const found = await live(manifest);
      if (manifest.kind === "CustomResourceDefinition") expect(found).toBeDefined();
      else expect(found, `${manifest.kind} ${manifest.metadata.name}`).toBeUndefined();
    }
    expect(await scanUid()).toBe(uid);
  });

  it("can be installed again over the CRDs that it left", async () => {
    await installed({});
    expect(await scanUid()).not.toBe("");
  });

  it("can be installed under another name, which takes them over where it is told to", async () => {
    expect((await release("uninstall", "x")).code).toBe(0);
    expect((await release("install", "y", {})).code).not.toBe(0);
    const { code, stderr } = await release("install", "y", {}, "--take-ownership");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("takes CRDs and scans with it where keep is false", async () => {
    await installed({ crds: { keep: false } }, "y");
    expect((await release("uninstall", "y")).code).toBe(0);
    // The API server deletes every scan first.
    await eventually(async () => expect(await ourCrds()).toEqual([]), {
      describe: "the CRDs are gone",
      timeoutMs: 90_000,
    });
  });

  it("takes over the CRDs of an older version that kubectl applied", async () => {
    await applyCrds(cluster());
    const older = [
      { op: "replace", path: "/spec/versions/0/schema/openAPIV3Schema/description", value: "old" },
    ];
    for (const crd of OURS) {
      const patch = ["patch", "crd", crd, "--type=json", `--patch=${JSON.stringify(older)}`];
      await kubectl([...patch, "--field-manager=kubectl"], admin());
    }
    const { code, stderr } = await release("install", "z", {}, "--take-ownership", "--force-conflicts");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const manifest of await render({}, { release: "z", namespace: NAMESPACE })) {
      if (manifest.kind === "CustomResourceDefinition") expect(await live(manifest)).toMatchObject(manifest);
    }
  });
});
