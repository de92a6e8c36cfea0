/** Who may ask for metrics, and who may ask the API server about him, by RBAC of the shared cluster. */
import { kubectl } from "./cluster.ts";

/** Lets a ServiceAccount review tokens and access; the cluster's own role for that allows nothing else. */
export async function permitReviews(namespace: string, serviceAccount: string): Promise<void> {
  const name = `${namespace}-${serviceAccount}-reviews`;
  await bind(name, "system:auth-delegator", namespace, serviceAccount);
}

/** Lets a ServiceAccount get `/metrics`; the returned function takes that back. */
export async function permitMetrics(namespace: string, serviceAccount: string): Promise<() => Promise<void>> {
  const name = `${namespace}-${serviceAccount}-metrics`;
  await kubectl(["create", "clusterrole", name, "--verb=get", "--non-resource-url=/metrics"]);
  await bind(name, name, namespace, serviceAccount);
  return async () => {
    await kubectl(["delete", "clusterrolebinding", name]);
  };
}

async function bind(name: string, role: string, namespace: string, serviceAccount: string): Promise<void> {
  const subject = `--serviceaccount=${namespace}:${serviceAccount}`;
  await kubectl(["create", "clusterrolebinding", name, `--clusterrole=${role}`, subject]);
}
