import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { mintServiceAccountToken } from "../../tools/control-plane/service-account-token.ts";
import {
  applyYaml,
  getJson,
  kubeconfigForServiceAccount,
  kubectl,
  operatorKubeconfig,
  ownControlPlane,
  sharedCluster,
  tryKubectl,
  useNamespace,
} from "../support/cluster.ts";
import { applyCrds } from "../support/cluster-crds.ts";

interface ConfigMap {
  readonly metadata: { readonly uid: string };
  readonly data: Readonly<Record<string, string>>;
}

const WIDGETS = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  names: { kind: Widget, plural: widgets }
  scope: Namespaced
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
`;

const WIDGET = `
apiVersion: example.com/v1
kind: Widget
metadata: { name: first }
`;

describe("the shared control plane", () => {
  const namespace = useNamespace();

  it("serves kubectl with the version it was built from", async () => {
    const { stdout } = await kubectl(["version", "--output=json"]);
    const { serverVersion } = JSON.parse(stdout) as { serverVersion: { gitVersion: string } };
    expect(serverVersion.gitVersion).toMatch(/^v1\.36\.\d+$/);
  });

  it("denies a ServiceAccount that no role is bound to", async () => {
    await kubectl(["create", "serviceaccount", "unbound"], { namespace });
    const kubeconfig = await kubeconfigForServiceAccount(namespace, "unbound");
    const { code, stderr } = await tryKubectl(["get", "configmaps"], { kubeconfig, namespace });
    expect(code).not.toBe(0);
    expect(stderr).toContain(`User "system:serviceaccount:${namespace}:unbound" cannot list`);
  });

  it("lets a ServiceAccount do what its role says, and nothing more", async () => {
    const rules = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list"] }];
    const kubeconfig = await operatorKubeconfig(namespace, rules, { name: "reader" });
    await kubectl(["get", "configmaps"], { kubeconfig, namespace });
    const refused = await tryKubectl(["create", "configmap", "more"], { kubeconfig, namespace });
    expect(refused.stderr).toContain('cannot create resource "configmaps"');
  });

  it("does not know a token that nobody minted", async () => {
    const { stderr, code } = await tryKubectl(["get", "configmaps", "--token=invented"], { namespace });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/Unauthorized|logged in/);
  });

  it("mints tokens for AWS that its published keys verify", async () => {
    await kubectl(["create", "serviceaccount", "scanner"], { namespace });
    const audience = "sts.amazonaws.com";
    const cluster = sharedCluster();
    const token = await mintServiceAccountToken(cluster, namespace, "scanner", {
      expirationSeconds: 600,
      audiences: [audience],
    });
    const keys = JSON.parse(await readFile(cluster.jwksPath, "utf8")) as JSONWebKeySet;
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), { issuer: cluster.issuer, audience });
    expect(payload.sub).toBe(`system:serviceaccount:${namespace}:scanner`);
    expect(payload.aud).toEqual([audience]);
    expect(Number(payload.exp) - Number(payload.iat)).toBe(600);
  });
});

describe("a control plane of a test file's own", () => {
  const issuer = "https://issuer.example";
  const controlPlane = ownControlPlane({ issuer });

  it.each(["SIGTERM", "SIGKILL"] as const)(
    "keeps address, keys and data when its API server is restarted after %s",
    async (kill) => {
      const { adminKubeconfigPath: kubeconfig } = controlPlane();
      const name = `kept-${kill.toLowerCase()}`;
      await kubectl(["create", "configmap", name, "--from-literal=a=b"], { kubeconfig });
      const before = await getJson<ConfigMap>(["configmap", name], { kubeconfig });
      const keys = await controlPlane().jwks();

      await controlPlane().stopApiServer(kill);
      const down = await tryKubectl(["get", "configmap", name], { kubeconfig });
      expect(down.stderr).toContain("refused");
      await controlPlane().startApiServer();

      const after = await getJson<ConfigMap>(["configmap", name], { kubeconfig });
      expect(after.metadata.uid).toBe(before.metadata.uid);
      expect(after.data).toEqual({ a: "b" });
      expect(await controlPlane().jwks()).toBe(keys);
    },
  );

  it("ends in order on SIGTERM although a watch is open", async () => {
    const { adminKubeconfigPath, dataDir } = controlPlane();
    const cache = join(dataDir, "kubectl-cache");
    const identity = [`--kubeconfig=${adminKubeconfigPath}`, `--cache-dir=${cache}`];
    const watch = spawn("kubectl", [...identity, "get", "namespaces", "--watch"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const watchEnded = once(watch, "exit");
    await once(watch.stdout, "data");
    // Throws when the server has to be killed in the end.
    await controlPlane().stopApiServer("SIGTERM");
    await watchEnded;
    await controlPlane().startApiServer();
  });

  it("serves custom resources as soon as their CRDs are applied", async () => {
    const folder = join(controlPlane().dataDir, "crds");
    await mkdir(folder);
    await writeFile(join(folder, "widgets.yaml"), WIDGETS);
    await applyCrds(controlPlane(), folder);
    const { adminKubeconfigPath: kubeconfig } = controlPlane();
    await applyYaml(WIDGET, { kubeconfig });
  });

  it("mints tokens with the issuer it was started with", async () => {
    await controlPlane().restartApiServer({ kill: "SIGKILL" });
    const { adminKubeconfigPath: kubeconfig } = controlPlane();
    await kubectl(["create", "serviceaccount", "scanner"], { kubeconfig });
    const token = await mintServiceAccountToken(controlPlane(), "default", "scanner", {
      expirationSeconds: 600,
    });
    const keys = JSON.parse(await controlPlane().jwks()) as JSONWebKeySet;
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), { issuer });
    expect(payload.iss).toBe(issuer);
  });
});
