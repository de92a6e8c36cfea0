import { helm } from "../../../tools/helm/helm.ts";
import type { CommandResult } from "../../../tools/machine/command.ts";
import { CHART, type Manifest, type Values } from "../../support/chart.ts";
import { applyYaml, type ClusterAccess, tryKubectl } from "../../support/cluster.ts";

/** The namespace that the releases of these tests are in, where nothing runs but what the restricted standard admits. */
export const NAMESPACE = "scan";

/** Gives the cluster that namespace. */
export async function createNamespace(cluster: ClusterAccess): Promise<void> {
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels } };
  await applyYaml(JSON.stringify(namespace), { kubeconfig: cluster.adminKubeconfigPath });
}

/**
 * Any of Helm's commands on a release in the namespace, of the cluster's administrator. With values, it is one that
 * wants a chart: ours, or a package of it.
 */
export function release(
  cluster: ClusterAccess,
  [command, name, chart = CHART]: readonly [command: string, name: string, chart?: string],
  values?: Values,
  ...args: readonly string[]
): Promise<CommandResult> {
  const given = values === undefined ? [] : [chart, "--values=-"];
  return helm([command, name, ...given, `--namespace=${NAMESPACE}`, ...args], {
    kubeconfig: cluster.adminKubeconfigPath,
    input: JSON.stringify(values ?? {}),
  });
}

/** The object as the API server has it; undefined where it has none, or does not serve its kind. */
export async function live(
  cluster: ClusterAccess,
  { apiVersion, kind, metadata }: Manifest,
): Promise<Manifest | undefined> {
  const [version, group] = apiVersion.split("/").reverse();
  const type = group === undefined ? kind : `${kind}.${version}.${group}`;
  const namespace = metadata.namespace === undefined ? [] : [`--namespace=${metadata.namespace}`];
  const get = ["get", type, metadata.name, ...namespace, "--ignore-not-found", "--output=json"];
  const { code, stdout } = await tryKubectl(get, { kubeconfig: cluster.adminKubeconfigPath });
  return code !== 0 || stdout === "" ? undefined : (JSON.parse(stdout) as Manifest);
}
