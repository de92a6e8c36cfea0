import type { AwsAccountScan } from "../../../src/api/generated/awsaccountscan.ts";
import { eventually } from "../../support/cluster.ts";
import type { World } from "./world.ts";

/** For a scan that ends by its timeout, and what it waits for. */
const ANSWER_MS = 60_000;

/** Asks for a scan of everything. */
export async function requestAll({ scans, namespace }: World): Promise<void> {
  for (const { metadata } of await scans.list(namespace)) await scans.request(namespace, metadata.name);
}

/** Resolves to all scans when the last request of each is answered, in whatever way. */
export async function answered({ scans, namespace }: World): Promise<readonly AwsAccountScan[]> {
  return await eventually(
    async () => {
      const all = await scans.list(namespace);
      for (const { metadata, status } of all) {
        const request = scans.requested.get(`${namespace}/${metadata.name}`);
        if (status?.lastHandledReconcileAt !== request || status?.currentScan !== undefined)
          throw new Error(`${metadata.name}: ${JSON.stringify(status?.currentScan)}`);
      }
      return all;
    },
    { describe: "every scan ends", timeoutMs: ANSWER_MS },
  );
}
