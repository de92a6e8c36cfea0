/** A node whose only pod is an operator that runs as a process here, so that `kubectl logs` has something to show. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ControlPlane } from "../../tools/control-plane/control-plane.ts";
import { applyYaml, getJson, kubectl } from "./cluster.ts";

interface Deployment {
  readonly spec: { readonly template: { readonly metadata: object; readonly spec: object } };
}

/** Lets the API server find the log of the pod of `deploy/operator.yaml`; `log` is asked at each call. */
export async function startDocsKubelet(
  cluster: ControlPlane,
  log: () => readonly string[],
): Promise<{ stop(): Promise<void> }> {
  const pem = (extension: string) =>
    readFile(join(cluster.dataDir, "certificates", `apiserver.${extension}`));
  const server = createServer({ cert: await pem("crt"), key: await pem("key") }, (request, response) => {
    const isLog = request.url?.startsWith("/containerLogs/") ?? false;
    response.statusCode = isLog ? 200 : 404;
    response.end(isLog ? `${log().join("\n")}\n` : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const options = { kubeconfig: cluster.adminKubeconfigPath };
  await applyYaml(JSON.stringify({ apiVersion: "v1", kind: "Node", metadata: { name: "node" } }), options);
  const status = {
    addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
  };
  const patch = ["patch", "node", "node", "--subresource=status", "--type=merge"];
  await kubectl([...patch, `--patch=${JSON.stringify({ status })}`], options);
  const namespace = "aws-account-scan-system";
  const { spec } = await getJson<Deployment>(["deployment", "aws-account-scan-operator"], {
    ...options,
    namespace,
  });
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...spec.template.metadata, name: "aws-account-scan-operator-0" },
    spec: { ...spec.template.spec, nodeName: "node" },
  };
  await applyYaml(JSON.stringify(pod), { ...options, namespace });
  return {
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
