import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { onTestFinished } from "vitest";
import { KubeClient, type KubeClientOptions, KubeError } from "../../src/kube/client.ts";
import { loadKubeConfig } from "../../src/kube/config.ts";
import type { ClusterAccess } from "../../tools/control-plane/control-plane.ts";
import { sharedCluster } from "./cluster.ts";
import { FaultProxy } from "./fault-proxy.ts";

/** The administrator's kubeconfig; of the shared control plane by default. */
export function adminKubeConfig(cluster: ClusterAccess = sharedCluster()): KubeConfig {
  return loadKubeConfig({ kubeconfig: cluster.adminKubeconfigPath });
}

/** A proxy before `cluster` that ends with the test that calls. */
export async function startFaultProxy(cluster: ClusterAccess = sharedCluster()): Promise<FaultProxy> {
  const proxy = await FaultProxy.start(cluster.url, Buffer.from(cluster.caData, "base64").toString());
  onTestFinished(() => proxy.stop());
  return proxy;
}

/** The same user, by way of the proxy. */
export function proxiedKubeConfig(admin: KubeConfig, proxy: FaultProxy): KubeConfig {
  const user = admin.getCurrentUser();
  if (user === null) throw new Error("the administrator's kubeconfig has no user");
  const kubeConfig = new KubeConfig();
  // client-node takes plain HTTP only with skipTLSVerify. There is no TLS here to verify.
  kubeConfig.loadFromClusterAndUser({ name: "proxy", server: proxy.url, skipTLSVerify: true }, user);
  return kubeConfig;
}

/** A client that is closed with the test that calls. */
export function clientOf(kubeConfig: KubeConfig, options?: KubeClientOptions): KubeClient {
  const client = new KubeClient(kubeConfig, options);
  onTestFinished(() => client.close());
  return client;
}

/** The administrator's client by way of a proxy of its own. */
export async function faultyClient(
  options?: KubeClientOptions,
): Promise<{ readonly client: KubeClient; readonly proxy: FaultProxy }> {
  const proxy = await startFaultProxy();
  return { client: clientOf(proxiedKubeConfig(adminKubeConfig(), proxy), options), proxy };
}

/** What `call` fails with. */
export async function failureOf(call: Promise<unknown>): Promise<KubeError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof KubeError) return error;
  throw new Error(`expected a KubeError, got ${String(error)}`);
}
