import type { ClusterOptions } from "../../config/cluster-options.ts";
import type { OutputOptions } from "../../config/scan-options.ts";
import { FORMATS } from "../../formats/registry.ts";
import { mergeRecords } from "../../report/merge.ts";
import { resultOf } from "../../report/result.ts";
import { BUILD } from "../build-info.ts";
import { outputOptions, write } from "../output.ts";
import { exitCodeOf } from "../scan/exit-code.ts";
import { UsageError } from "../usage-error.ts";
import { getScan, listScans, withCluster } from "./cluster.ts";
import { loadRecord } from "./record.ts";

/** `kubectl awsscan violations [NAME]`: the last results of the cluster's scans as one, in every format. */
export async function violationsCommand(
  name: string | undefined,
  options: ClusterOptions & OutputOptions,
): Promise<void> {
  const records = await withCluster(options, async (cluster) => {
    if (name !== undefined && cluster.namespace === undefined) {
      throw new UsageError("error: a name is of one namespace; leave out --all-namespaces, or the name.");
    }
    const scans = name === undefined ? await listScans(cluster) : [await getScan(cluster, name)];
    if (scans.length === 0) {
      const where = cluster.namespace === undefined ? "any namespace" : `namespace ${cluster.namespace}`;
      throw new UsageError(`error: there is no AwsAccountScan in ${where}. -A looks in all of them.`);
    }
    return Promise.all(scans.map((scan) => loadRecord(cluster, scan)));
  });
  const result = resultOf(mergeRecords(records), { version: BUILD.version, interrupted: false });
  await write(FORMATS[options.output](result, outputOptions(options.color)));
  process.exitCode = exitCodeOf(result, ["violations", "unknown"]);
}
