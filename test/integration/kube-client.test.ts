import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { beforeAll, describe, expect, it } from "vitest";
import {
  isAlreadyExists,
  isConflict,
  isForbidden,
  isNotFound,
  type KubeObject,
} from "../../src/kube/client.ts";
import { loadKubeConfig } from "../../src/kube/config.ts";
import { operatorKubeconfig, sharedCluster, useNamespace } from "../support/cluster.ts";
import { CONFIG_MAPS, type ConfigMap } from "../support/informer-harness.ts";
import { adminKubeConfig, clientOf, failureOf, faultyClient } from "../support/kube-client-harness.ts";

const SERVICE_ACCOUNTS = { group: "", version: "v1", plural: "serviceaccounts" };

const namespace = useNamespace({ prefix: "kube-client" });
const configMap = (name: string, data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace },
  data,
});

describe("verbs", () => {
  it("create, read, apply, patch, replace and delete an object", async () => {
    const client = clientOf(adminKubeConfig());
    const at = { namespace, name: "verbs" };
    expect(await client.get(CONFIG_MAPS, at)).toBeUndefined();
    const created = await client.create<ConfigMap>(
      CONFIG_MAPS,
      { namespace },
      configMap("verbs", { a: "1" }),
    );
    await client.apply(CONFIG_MAPS, at, configMap("verbs", { b: "né" }), {
      fieldManager: "test",
      force: true,
    });
    const patched = await client.mergePatch<ConfigMap>(CONFIG_MAPS, at, { data: { a: null, c: "3" } });
    expect(patched.data).toEqual({ b: "né", c: "3" });
    expect(await client.get(CONFIG_MAPS, at)).toEqual(patched);

    const { resourceVersion } = created.metadata;
    const stale = await failureOf(client.mergePatch(CONFIG_MAPS, at, { metadata: { resourceVersion } }));
    expect([isConflict(stale), isAlreadyExists(stale)]).toEqual([true, false]);
    const twice = await failureOf(client.create(CONFIG_MAPS, { namespace }, configMap("verbs", {})));
    expect([isConflict(twice), isAlreadyExists(twice)]).toEqual([false, true]);

    expect(isConflict(await failureOf(client.delete(CONFIG_MAPS, { ...at, uid: "another" })))).toBe(true);
    expect(await client.delete(CONFIG_MAPS, { ...at, uid: created.metadata.uid })).toBe(true);
    expect(await client.delete(CONFIG_MAPS, at)).toBe(false);
  });

  it("list pages and by label", async () => {
    const client = clientOf(adminKubeConfig());
    for (const name of ["p1", "p2", "p3"]) {
      const object = { metadata: { name, labels: { page: name } } };
      await client.create(CONFIG_MAPS, { namespace }, object);
    }
    const first = await client.list<KubeObject>(CONFIG_MAPS, { namespace, limit: 2 });
    const continueToken = first.metadata.continue;
    const rest = await client.list<KubeObject>(CONFIG_MAPS, { namespace, continueToken });
    const names = [...first.items, ...rest.items].map(({ metadata }) => metadata.name);
    expect(names).toEqual(expect.arrayContaining(["p1", "p2", "p3"]));
    expect(first.items).toHaveLength(2);
    const labelled = await client.list<KubeObject>(CONFIG_MAPS, { namespace, labelSelector: "page=p2" });
    expect(labelled.items.map(({ metadata }) => metadata.name)).toEqual(["p2"]);
  });

  it("mint a token of a ServiceAccount", async () => {
    const client = clientOf(adminKubeConfig());
    await client.create(SERVICE_ACCOUNTS, { namespace }, { metadata: { name: "minted" } });
    const answer = await client.create<{ status: { token: string } }>(
      SERVICE_ACCOUNTS,
      { namespace, name: "minted", subresource: "token" },
      {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { audiences: ["sts.amazonaws.com"] },
      },
    );
    expect(answer.status.token.split(".")).toHaveLength(3);
  });

  it("ask whether the API server is ready", async () => {
    await clientOf(adminKubeConfig()).ping();
  });
});

describe("refusals", () => {
  let unbound: string;
  beforeAll(async () => {
    unbound = await operatorKubeconfig(namespace, [], { name: "unbound" });
  });

  it("name the request and what the server said", async () => {
    const error = await failureOf(
      clientOf(loadKubeConfig({ kubeconfig: unbound })).list(CONFIG_MAPS, { namespace }),
    );
    expect(isForbidden(error)).toBe(true);
    expect(error.message).toContain(`list configmaps in namespace ${namespace}: 403 Forbidden`);
    expect(error.message).toContain(`system:serviceaccount:${namespace}:unbound`);
  });

  it("of an unknown token do not repeat it, and the next request has a new connection", async () => {
    const { proxy } = await faultyClient();
    const kubeConfig = new KubeConfig();
    const cluster = { name: "proxy", server: proxy.url, skipTLSVerify: true };
    kubeConfig.loadFromClusterAndUser(cluster, { name: "stranger", token: "a-secret-token" });
    const client = clientOf(kubeConfig);
    for (let time = 1; time <= 3; time += 1) {
      const error = await failureOf(client.list(CONFIG_MAPS, { namespace }));
      expect(error.status).toBe(401);
      expect(error.message).not.toContain("a-secret-token");
    }
    expect(proxy.connections).toBe(3);
  });

  it("of a gateway are told in its words", async () => {
    const { client, proxy } = await faultyClient();
    proxy.fail({ on: "other", status: 502, body: "<html>\n<h1>Bad gateway</h1>" });
    const error = await failureOf(client.get(CONFIG_MAPS, { namespace, name: "a" }));
    expect(error.message).toBe(`get configmaps ${namespace}/a: 502 HTTP502: <html> <h1>Bad gateway</h1>`);
  });

  it("of an unknown resource are not taken for a missing object in a list", async () => {
    const unknown = { group: "", version: "v1", plural: "unknowns" };
    expect(isNotFound(await failureOf(clientOf(adminKubeConfig()).list(unknown, { namespace })))).toBe(true);
  });
});

describe("connections", () => {
  it("are used again: no handshake for each request", async () => {
    const { client, proxy } = await faultyClient();
    for (let time = 0; time < 20; time += 1) await client.get(CONFIG_MAPS, { namespace, name: "none" });
    // Two, since one is free again only a moment after its answer has ended.
    expect(proxy.connections).toBeLessThanOrEqual(2);
  });

  it("a certificate authority that is replaced on disk is used from the next request on", async () => {
    const { url, caData, dataDir } = sharedCluster();
    const caFile = join(dataDir, "rotating-ca.crt");
    writeFileSync(caFile, rootCertificates[0] ?? "");
    const kubeConfig = new KubeConfig();
    const user = adminKubeConfig().getCurrentUser() ?? { name: "nobody" };
    kubeConfig.loadFromClusterAndUser({ name: "rotating", server: url, caFile, skipTLSVerify: false }, user);
    const client = clientOf(kubeConfig);
    expect(await failureOf(client.ping())).toMatchObject({ status: 0, reason: "NoAnswer" });
    writeFileSync(caFile, Buffer.from(caData, "base64"));
    await client.ping();
  });

  it("a token is read from its file, line feed or not", async () => {
    const { url, caData, dataDir } = sharedCluster();
    const tokenFile = join(dataDir, "token-with-line-feed");
    writeFileSync(tokenFile, `${adminKubeConfig().getCurrentUser()?.token}\n`);
    const kubeConfig = new KubeConfig();
    const user = { name: "file", authProvider: { name: "tokenFile", config: { tokenFile } } };
    kubeConfig.loadFromClusterAndUser({ name: "c", server: url, caData, skipTLSVerify: false }, user);
    await clientOf(kubeConfig).list(CONFIG_MAPS, { namespace });
  });

  it("a server's URL may have a path", async () => {
    const { proxy } = await faultyClient();
    const kubeConfig = new KubeConfig();
    const cluster = { name: "behind", server: `${proxy.url}/k8s/clusters/c-1/`, skipTLSVerify: true };
    kubeConfig.loadFromClusterAndUser(cluster, adminKubeConfig().getCurrentUser() ?? { name: "nobody" });
    await failureOf(clientOf(kubeConfig).list(CONFIG_MAPS, { namespace }));
    expect(proxy.seen.other[0]?.pathname).toBe(`/k8s/clusters/c-1/api/v1/namespaces/${namespace}/configmaps`);
  });

  it("nobody there, and no credentials, are errors that say so", async () => {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromClusterAndUser(
      { name: "c", server: "https://127.0.0.1:1", skipTLSVerify: false },
      { name: "u" },
    );
    const error = await failureOf(clientOf(kubeConfig).ping());
    expect(error).toMatchObject({ status: 0, reason: "NoAnswer" });
    expect(error.message).toContain("ECONNREFUSED");
    const user = { name: "u", authProvider: { name: "tokenFile", config: { tokenFile: "/does/not/exist" } } };
    kubeConfig.loadFromClusterAndUser(
      { name: "c", server: "https://127.0.0.1:1", skipTLSVerify: false },
      user,
    );
    const unable = await failureOf(clientOf(kubeConfig).ping());
    expect(unable).toMatchObject({ status: 0, reason: "Configuration" });
    expect(unable.message).toContain("/does/not/exist");
  });
});
