import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { ClusterAccess } from "../../tools/control-plane/control-plane.ts";
import { writeKubeconfig } from "../../tools/control-plane/kubeconfig.ts";
import { kubectlOrThrow } from "../../tools/control-plane/kubectl.ts";
import { mintServiceAccountToken } from "../../tools/control-plane/service-account-token.ts";
import { eventually } from "./cluster-eventually.ts";
import { sharedCluster } from "./cluster-shared.ts";

/** One rule of a Role, as RBAC has it; each of its lists has at least one entry. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

const RBAC = "rbac.authorization.k8s.io";

/** Resolves to a new kubeconfig of an existing ServiceAccount, with a token (1 h by default) from the TokenRequest API. */
export async function kubeconfigForServiceAccount(
  namespace: string,
  name: string,
  options: { readonly expirationSeconds?: number; readonly cluster?: ClusterAccess } = {},
): Promise<string> {
  const { cluster = sharedCluster(), expirationSeconds = 3600 } = options;
  const token = await mintServiceAccountToken(cluster, namespace, name, { expirationSeconds });
  const path = join(cluster.dataDir, `${namespace}-${name}-${randomUUID()}.kubeconfig`);
  await writeKubeconfig(path, cluster, { token, namespace });
  return path;
}

/**
 * Makes a ServiceAccount that may do exactly `rules` in its namespace, and resolves to its kubeconfig as soon as
 * the API server's authorizer knows them.
 */
export async function operatorKubeconfig(
  namespace: string,
  rules: readonly PolicyRule[],
  options: { readonly name?: string; readonly cluster?: ClusterAccess } = {},
): Promise<string> {
  const { cluster = sharedCluster(), name = "operator" } = options;
  const metadata = { name, namespace };
  await kubectlOrThrow(["apply", "--server-side", "--force-conflicts", "--filename=-"], {
    kubeconfig: cluster.adminKubeconfigPath,
    input: list([
      { apiVersion: "v1", kind: "ServiceAccount", metadata },
      { apiVersion: `${RBAC}/v1`, kind: "Role", metadata, rules },
      {
        apiVersion: `${RBAC}/v1`,
        kind: "RoleBinding",
        metadata,
        roleRef: { apiGroup: RBAC, kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", name, namespace }],
      },
    ]),
  });
  const kubeconfig = await kubeconfigForServiceAccount(namespace, name, { cluster });
  await untilAllowed(kubeconfig, namespace, rules);
  return kubeconfig;
}

/** The authorizer learns of roles by a watch, a moment after they were written. */
async function untilAllowed(
  kubeconfig: string,
  namespace: string,
  rules: readonly PolicyRule[],
): Promise<void> {
  if (rules.length === 0) return;
  const input = list(rules.map((rule) => accessReview(namespace, rule)));
  const jsonpath = "--output=jsonpath={.status.allowed} ";
  await eventually(
    async () => {
      const { stdout } = await kubectlOrThrow(["create", "--filename=-", jsonpath], { kubeconfig, input });
      if (stdout.includes("false")) throw new Error(`allowed, rule by rule: ${stdout}`);
    },
    { describe: `the rules of ${kubeconfig} are in force` },
  );
}

/** Asks whether the asker may do the first thing that `rule` allows. */
function accessReview(namespace: string, rule: PolicyRule): unknown {
  const [resource, subresource] = (rule.resources[0] ?? "").split("/");
  return {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: {
      resourceAttributes: {
        namespace,
        group: rule.apiGroups[0],
        resource,
        subresource,
        verb: rule.verbs[0],
        name: rule.resourceNames?.[0],
      },
    },
  };
}

function list(items: readonly unknown[]): string {
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}
