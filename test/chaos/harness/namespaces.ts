import { REPORT, SCAN } from "../../../src/api/names.ts";
import type { KubeClient, KubeObject, ResourceKind } from "../../../src/kube/client.ts";
import { kubectl } from "../../support/cluster.ts";

export const NAMESPACES: ResourceKind = { group: "", version: "v1", plural: "namespaces" };
const RBAC = { group: "rbac.authorization.k8s.io", version: "v1" };
const CONTENTS: readonly ResourceKind[] = [
  SCAN,
  REPORT,
  { group: "", version: "v1", plural: "serviceaccounts" },
  { ...RBAC, plural: "rolebindings" },
  { ...RBAC, plural: "roles" },
  { group: "events.k8s.io", version: "v1", plural: "events" },
];

/** Removes a namespace and all in it, step by step as kube-controller-manager does, of which the test clusters have none. */
export async function removeNamespace(client: KubeClient, kubeconfig: string, name: string): Promise<void> {
  await client.delete(NAMESPACES, { name });
  for (const kind of CONTENTS) {
    const { items } = await client.list<KubeObject>(kind, { namespace: name });
    for (const { metadata } of items) await client.delete(kind, { namespace: name, name: metadata.name });
  }
  const input = JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name }, spec: {} });
  await kubectl(["replace", `--raw=/api/v1/namespaces/${name}/finalize`, "--filename=-"], {
    kubeconfig,
    input,
  });
}
