import type { AwsAccountScan } from "../../api/generated/awsaccountscan.ts";
import { SCAN } from "../../api/names.ts";
import type { ClusterOptions } from "../../config/cluster-options.ts";
import { KubeClient, KubeError } from "../../kube/client.ts";
import { loadKubeConfig, ownNamespace } from "../../kube/config.ts";
import { BUILD } from "../build-info.ts";
import { UsageError } from "../usage-error.ts";

/** A cluster as whoever calls the command. */
export interface Cluster {
  readonly client: KubeClient;
  /** The namespace that is meant; undefined: all. */
  readonly namespace: string | undefined;
}

/** A cluster is asked for objects of up to half a megabyte, a few at a time. */
const PAGE = 100;

/**
 * Runs `use` with the cluster that the options and the environment name.
 * @throws {UsageError} where there is none, or where it refuses: its words say who lacks which permission.
 */
export async function withCluster<T>(
  options: ClusterOptions,
  use: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const { kubeconfig, context, allNamespaces } = options;
  let client: KubeClient | undefined;
  try {
    const config = loadKubeConfig({ kubeconfig, context });
    client = new KubeClient(config, { userAgent: `awsscan/${BUILD.version}` });
    const namespace = allNamespaces ? undefined : (options.namespace ?? ownNamespace(config));
    return await use({ client, namespace });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // Without a client it is the kubeconfig that could not be loaded.
    if (client === undefined || error instanceof KubeError) {
      throw new UsageError(`error: ${error instanceof Error ? error.message : String(error)}`);
    }
    throw error;
  } finally {
    await client?.close();
  }
}

/** The scans of the namespace, or of all, by namespace and name. */
export async function listScans({ client, namespace }: Cluster): Promise<AwsAccountScan[]> {
  const scans: AwsAccountScan[] = [];
  let continueToken: string | undefined;
  do {
    const page = await client.list<AwsAccountScan>(SCAN, { namespace, limit: PAGE, continueToken });
    scans.push(...page.items);
    continueToken = page.metadata.continue || undefined;
  } while (continueToken !== undefined);
  return scans.sort((a, b) => compare(keyOf(a), keyOf(b)));
}

/** @throws {UsageError} where there is no such scan. */
export async function getScan({ client, namespace }: Cluster, name: string): Promise<AwsAccountScan> {
  const scan = await client.get<AwsAccountScan>(SCAN, { namespace, name });
  if (scan !== undefined) return scan;
  throw new UsageError(
    `error: there is no AwsAccountScan ${name} in namespace ${namespace}. kubectl awsscan list -A shows those that there are.`,
  );
}

/** `<namespace>/<name>` */
export function keyOf({ metadata }: AwsAccountScan): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
