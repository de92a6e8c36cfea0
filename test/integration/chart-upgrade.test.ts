import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { helm } from "../../tools/helm/helm.ts";
import { CHART, type Manifest, only, render, useHelm, type Values } from "../support/chart.ts";
import { applyYaml, eventually, kubectl, ownControlPlane, tryKubectl } from "../support/cluster.ts";
import { createNamespace, live, NAMESPACE, release } from "./chart/release.ts";

/** The chart as users of the version before have it. */
const BEFORE = fileURLToPath(new URL("chart/releases/aws-account-scan-operator-0.1.0.tgz", import.meta.url));

/** What its documentation told them to set. */
const THEIR_VALUES = {
  image: { repository: "registry.example.com/aws-account-scan-operator" },
  serviceAccount: {
    annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/AccountScanHub" },
  },
  extraArgs: ["--operator-identity-namespaces=aws-account-scan-system,compliance"],
  extraEnv: [{ name: "AWSSCAN_LOG_LEVEL", value: "debug" }],
};

// Without our CRDs: the chart brings them. One after the other, as one release lives through them.
const cluster = ownControlPlane({ crds: false });
useHelm();
beforeAll(() => createNamespace(cluster()));

const admin = () => ({ kubeconfig: cluster().adminKubeconfigPath });

async function upgraded(values: Values | undefined, ...args: string[]): Promise<void> {
  const { code, stderr } = await release(cluster(), ["upgrade", "x"], values, ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
}

const uidOf = async (type: string, name: string) =>
  (await kubectl(["get", type, name, `-n=${NAMESPACE}`, "-o=jsonpath={.metadata.uid}"], admin())).stdout;

const uids = async () => [
  await uidOf("deployment", "x-aws-account-scan-operator"),
  await uidOf("service", "x-aws-account-scan-operator"),
  await uidOf("aas", "kept"),
];

async function expectLive(values: Values): Promise<void> {
  for (const manifest of await render(values, { release: "x", namespace: NAMESPACE })) {
    // Of helm test, which nobody has run.
    if (manifest.kind === "Pod") continue;
    const found = await live(cluster(), manifest);
    expect(found, `${manifest.kind} ${manifest.metadata.name}`).toMatchObject(
      JSON.parse(JSON.stringify(manifest)),
    );
  }
}

describe("a release of 0.1.0", () => {
  beforeAll(async () => {
    const { code, stderr } = await release(cluster(), ["install", "x", BEFORE], THEIR_VALUES);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const crds = ["awsaccountscans", "awsaccountscanreports"].map(
      (plural) => `crd/${plural}.awsaccountscan.dev`,
    );
    await kubectl(["wait", "--for=condition=Established", ...crds], admin());
    await applyYaml(
      JSON.stringify({
        apiVersion: "awsaccountscan.dev/v1alpha1",
        kind: "AwsAccountScan",
        metadata: { name: "kept", namespace: NAMESPACE },
        spec: {},
      }),
      admin(),
    );
  });

  it("does not take --reuse-values, which lacks what is new, and stays as it is", async () => {
    const { code, stderr } = await release(cluster(), ["upgrade", "x"], {}, "--reuse-values");
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/missing properties .*'networkPolicy'/);
    const deployment = await kubectl(["get", "deployment", `-n=${NAMESPACE}`, "-o=yaml"], admin());
    expect(deployment.stdout).toContain("aws-account-scan-operator:0.1.0");
  });

  it("becomes the present one with the values that it had, its objects and scans the very same", async () => {
    const before = await uids();
    const { code, stderr } = await helm(["upgrade", "x", CHART, `--namespace=${NAMESPACE}`], admin());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await uids()).toEqual(before);
    await expectLive(THEIR_VALUES);
  });

  it("can be gone back to, and left again with values that are new", async () => {
    const before = await uids();
    expect(await release(cluster(), ["rollback", "x"], undefined, "1")).toMatchObject({ code: 0 });
    const values = { podDisruptionBudget: { enabled: true }, networkPolicy: { enabled: true } };
    await upgraded(values, "--reset-then-reuse-values");
    expect(await uids()).toEqual(before);
    await expectLive({ ...THEIR_VALUES, ...values });
  });
});

describe("watchNamespaces", () => {
  it("takes a release's rights in every other namespace away", async () => {
    const as = `--as=system:serviceaccount:${NAMESPACE}:x-aws-account-scan-operator`;
    const mayWatch = async (namespace: string) => {
      const what = ["watch", "awsaccountscans.awsaccountscan.dev", `--namespace=${namespace}`];
      return (await tryKubectl(["auth", "can-i", ...what, as], admin())).stdout.trim();
    };
    await upgraded({ watchNamespaces: ["default"] });
    // The authorizer learns of roles by a watch, a moment after they were written.
    await eventually(async () => {
      expect(await mayWatch("default")).toBe("yes");
      expect(await mayWatch("kube-public")).toBe("no");
    });
  });

  it("lets somebody install who may do nothing outside of his namespaces", async () => {
    const values = {
      watchNamespaces: [NAMESPACE, "default"],
      tenants: [{ namespace: "default", serviceAccounts: ["ml-scanner"] }],
      crds: { enabled: false },
      rbac: { aggregate: false },
    };
    const rendered = await render(values, { release: "mine", namespace: NAMESPACE });
    await applyYaml(JSON.stringify(listOf(values.watchNamespaces.flatMap(ownerOf))), admin());
    const install = () => release(cluster(), ["install", "mine"], values, "--kube-as-user=owner");
    await eventually(async () => expect(await install()).toMatchObject({ code: 0, stderr: "" }));
    expect(await live(cluster(), only(rendered, "Deployment"))).toBeDefined();
    // Were nobody refused anything, he could have the definitions too.
    const more = await release(
      cluster(),
      ["upgrade", "mine"],
      { ...values, rbac: {} },
      "--kube-as-user=owner",
    );
    expect(more).toMatchObject({ code: 1, stderr: expect.stringContaining('User "owner" cannot') });
  });
});

function listOf(items: readonly object[]): object {
  return { apiVersion: "v1", kind: "List", items };
}

/** Everything in one namespace. */
function ownerOf(namespace: string): object[] {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const metadata: Manifest["metadata"] = { name: "owner", namespace };
  return [
    { apiVersion, kind: "Role", metadata, rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] },
    {
      apiVersion,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "owner" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "owner" }],
    },
  ];
}
